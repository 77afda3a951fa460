"""Polarity and commitment: whether something is denied, and how firmly it is promised.

Works on short stretches of words that differ; what is common to both sides was cut away before.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from diffing.endings import without_l

READABLE = 8
"""어절 in a stretch up to which a turned denial or commitment can be told from a rewriting."""

_NO_DENIAL = re.compile(
    r"(?:끊임|흔들림|막힘|지체|쉼|거침|숨김|남김|중단|예외)\s?없이|끊임\s?없|틀림\s?없|어김\s?없|아낌\s?없|빠짐\s?없|차질\s?없|빈틈\s?없|변함\s?없|[관상][계관]\s?없|뿐(?:만)?\s?아니|못지\s?않|다름\s?없|더할\s?나위\s?없"
    r"|밖에\s?(?:없|안\s|[가-힣]*지\s?(?:않|못))"  # 할 수밖에 없다, 세 곳밖에 되지 않는다
)
"""Set phrases that deny nothing: ``차질 없이``, ``뿐만 아니라``."""

_DENIAL = re.compile(
    r"[가-힣]지\s?(?:는|도|를)?\s?(?:않|아니|못)"  # 지원하지 않는다, 하지 못한다
    # 버리지 마세요, 피우지 말아야 한다; 12월까지 말고, 휴지 말고
    r"|(?!까지|[휴편단토부용농잡먼공강바]지\s말고)[가-힣]지\s"
    r"(?:말(?=아|[고자라]|\s?것|[^가-힣]|$)|마(?=[세시십라셔]|[^가-힣]|$)|맙)"
    r"|않(?=[는다고았을은아으음습게도지기던자]|$|[^가-힣])|없(?![애앤앨앱앴])"  # 없다
    r"|(?<![가-힣])못(?=\s?[가-힣])(?!(?:이|을|은|에|의|에서|과)(?![가-힣]))|(?<![가-힣])못$"  # 못 한다, not 못이 있다
    r"|아니(?=다|라|며|고|지|하|한|할|$)|아[닌닙님녔]"  # 사실이 아니다
    r"|(?<![가-힣])안\s(?=[가-힣]+[다는은을지고며])"  # 안 한다
    r"|사실과\s?(?:전혀\s|크게\s|많이\s)?다[르른릅름를]|사실\s?무근"  # 보도는 사실과 다릅니다
    r"|[NnCc](?<![A-Za-z].)(?:(?<=[Nn])(?:ot|ever|either|o\slonger)|(?<=[Cc])annot)(?![A-Za-z])(?!\sonly)"  # not only
    r"|n't(?![A-Za-z])"  # doesn't
    r"|불가(?!피)|불허|불응|불이행|불승인|불참|(?:불필요|무관)(?=[하한함합]|$|[^가-힣])(?!하게)"
)
_DENIED = {
    frozenset(pair)
    for pair in (("있", "없"), ("가능", "불가능"), ("가능", "불가"), ("승인", "불승인"), ("허용", "불허"))
}
_OPPOSITES = (
    ("포함", "제외"), ("없애", "유지"), ("없애", "남기"), ("흑자", "손실"), ("허용", "금지"), ("배제", "포함"),
    ("찬성", "반대"), ("강화", "완화"), ("승인", "반려"), ("수용", "거부"), ("참여", "불참"), ("참석", "불참"),
    ("흑자", "적자"), ("높", "낮"), ("많", "적"), ("유지", "폐지"), ("합법", "불법"), ("의무", "자율"),
    ("의무", "권고"),
    ("필수", "선택"), ("개선", "악화"), ("호전", "악화"), ("찬", "반"), ("사실", "허위"), ("맞", "틀리"),
    ("크", "작"), ("시작", "중단"), ("재개", "중단"), ("해소", "누적"), ("해소", "심화"), ("빨라지", "느려지"),
    ("앞당기", "늦추"), ("가입", "탈퇴"), ("찬성", "기권"), ("우세", "열세"), ("성공", "실패"), ("유죄", "무죄"),
    ("합격", "불합격"), ("적합", "부적합"), ("북상", "남하"), ("늘어난", "줄어든"),
    ("최대", "최소"), ("최고", "최저"), ("이전", "이후"), ("모든", "일부"), ("전원", "일부"),
    ("전부", "일부"), ("전체", "일부"), ("의무화", "권고"), ("개최", "취소"), ("개최", "연기"), ("발효", "해제"),
    ("발령", "해제"), ("지정", "해제"), ("경보", "주의보"), ("숨지", "다치"), ("사망", "부상"), ("설치", "철거"),
    ("실종", "사망"), ("실종", "부상"), ("실종", "구조"), ("실종", "생존"), ("구조", "사망"), ("중상", "경상"),
    ("중상", "사망"), ("경상", "사망"), ("구조", "부상"), ("前", "現"), ("新", "舊"), ("親", "反"), ("與", "野"),
    ("男", "女"), ("有", "無"), ("more", "less"), ("over", "under"), ("above", "below"), ("before", "after"),
    ("설립", "해산"), ("체결", "파기"), ("개설", "폐쇄"), ("신설", "폐지"), ("임명", "해임"), ("위촉", "해촉"),
    ("구속", "석방"), ("면제", "부과"), ("개방", "폐쇄"), ("개방", "통제"), ("등록", "말소"),
    ("입국", "출국"), ("수출", "수입"), ("매입", "매각"), ("인정", "부인"), ("전면", "부분"), ("영구", "임시"),
    ("상설", "임시"), ("정규직", "비정규직"), ("직접", "간접"), ("가해자", "피해자"), ("상반기", "하반기"),
    ("국비", "지방비"), ("국산", "수입산"), ("찬성표", "반대표"), ("통과", "부결"), ("가결", "부결"),
    ("원안", "수정"), ("원안가결", "수정가결"), ("가결", "보류"), ("통과", "보류"),
    ("당선", "낙선"), ("승소", "패소"), ("유지", "해제"), ("연장", "단축"), ("연장", "종료"), ("추가", "삭제"),
    ("수도권", "비수도권"), ("전액", "일부"), ("오는", "지난"), ("넘게", "가까이"), ("웃돌", "밑돌"), ("전", "현"),
    ("안", "밖"), ("위", "아래"), ("앞", "뒤"), ("전", "후"), ("국내", "국외"), ("국내", "해외"), ("관내", "관외"),
    ("제한", "허용"), ("규제", "허용"), ("금지", "허가"), ("허가", "취소"), ("허가", "반려"), ("인가", "취소"),
    ("추진", "중단"), ("추진", "철회"), ("추진", "취소"), ("채택", "기각"), ("인용", "기각"), ("채택", "철회"),
    ("동결", "인상"), ("동결", "인하"), ("증가율", "감소율"), ("상승률", "하락률"), ("호황", "불황"),
    ("가속화", "둔화"), ("가속", "둔화"), ("지급", "환수"), ("지급", "중단"), ("지원", "회수"), ("존속", "폐지"),
    ("존치", "폐지"), ("도입", "폐지"), ("도입", "철회"), ("운영", "폐쇄"), ("개장", "폐장"), ("개통", "폐쇄"),
    ("입장", "퇴장"), ("복원", "훼손"), ("보존", "철거"), ("생존", "사망"), ("양성", "음성"), ("안전", "위험"),
    ("장점", "단점"), ("동의", "거부"), ("준수", "위반"), ("자발적", "강제적"), ("공식", "비공식"), ("선발", "탈락"),
    ("처벌", "면책"), ("기소", "불기소"), ("복직", "해고"), ("채용", "해고"), ("잔류", "철수"), ("파견", "철수"),
    ("강제", "자율"), ("강제", "자발"), ("대면", "비대면"), ("중앙", "지방"), ("도시", "농촌"), ("낙관", "비관"),
    ("낙관적", "비관적"), ("긍정적", "부정적"), ("우호적", "적대적"), ("적극적", "소극적"), ("단기", "장기"),
    ("신속", "지연"), ("조기", "지연"), ("빠르", "느리"), ("쉽", "어렵"), ("강하", "약하"), ("강해지", "약해지"),
    ("나아지", "나빠지"), ("좋아지", "나빠지"), ("좋", "나쁘"), ("열", "닫"), ("켜", "끄"), ("얻", "잃"),
    ("살", "죽"), ("받아들이", "거부하"), ("모이", "흩어지"), ("두껍", "얇"), ("깊", "얕"), ("길", "짧"),
    ("멀", "가깝"), ("무겁", "가볍"), ("풀", "묶"), ("밀", "당기"), ("출발", "도착"), ("출생", "사망"),
    ("결혼", "이혼"), ("혼인", "이혼"), ("개막", "폐막"), ("개회", "폐회"), ("매도", "매수"), ("수요", "공급"),
    ("유입", "유출"), ("전입", "전출"), ("입소", "퇴소"), ("입원", "퇴원"), ("착공", "준공"), ("착공", "완공"),
    ("상류", "하류"), ("실내", "실외"), ("정기", "수시"), ("단계적", "전면적"), ("선착순", "추첨"), ("유선", "무선"),
    ("단독", "공동"), ("주간", "야간"), ("평일", "주말"), ("호황", "침체"), ("회복", "침체"), ("회복", "악화"),
    ("호조", "부진"), ("개선", "부진"), ("강세", "약세"), ("확산", "진정"), ("초과", "미달"), ("달성", "미달"),
    ("과잉", "부족"), ("충분", "부족"), ("온라인", "오프라인"), ("빠르", "늦"), ("빨리", "늦게"), ("일찍", "늦게"),
    ("이르", "늦"), ("국내", "세계"), ("아시아", "세계"), ("선정", "탈락"), ("온라인", "대면"), ("민간", "공공"),
    ("고정", "변동"), ("면제", "감면"), ("네", "아니요"), ("네", "아니오"), ("예", "아니요"), ("예", "아니오"),
    ("가능", "어렵"), ("가능", "곤란"), ("포함", "별도"), ("해지", "정지"), ("해지", "체결"), ("해지", "유지"),
    ("전수", "표본"), ("전수", "선별"), ("보편", "선별"), ("엄벌", "선처"), ("엄정", "선처"),
    ("고발", "수사의뢰"), ("고발", "의뢰"), ("자동", "신청"),
    ("적법", "위법"), ("적법", "불법"), ("합법", "위법"), ("합법적", "불법적"), ("정당", "부당"), ("정당하", "부당하"),
    ("타당", "부당"), ("지키", "어기"), ("준수", "어기"), ("지키", "위반"), ("이행", "위반"), ("이행", "어기"),
    ("남", "모자라"), ("남", "부족"), ("강제", "스스로"), ("강제", "자진"), ("강제로", "스스로"), ("원칙", "예외"),
    ("처음", "다시"), ("이미", "아직"), ("서면", "구두"), ("안", "이후"), ("이내", "이후"), ("모두", "거의"),
    ("전수조사", "표본조사"), ("정당한", "부당한"), ("먼저", "나중에"), ("먼저", "나중"), ("우선", "나중에"),
    ("의무적", "자발적"), ("의무", "자발적"), ("결렬", "성사"), ("결렬", "타결"),
    ("결렬", "합의"), ("무산", "성사"), ("사과", "해명"), ("사과", "반박"), ("인정", "일축"), ("인정", "반박"),
    ("시인", "부인"), ("시인", "일축"), ("인명", "재산"), ("직접", "위탁"), ("직접", "대행"), ("직영", "위탁"),
    ("최종", "중간"), ("최종", "잠정"), ("최종", "예비"), ("사실상", "공식적"), ("공식적", "비공식적"),
    ("만장일치", "표결"), ("만장일치", "다수결"), ("이례적", "통상적"), ("정식", "임시"), ("수사", "내사"),
    ("철저히", "형식적"), ("면밀히", "형식적"), ("현금", "현물"),
)  # fmt: skip
"""What says the reverse without denying: an edit from one to the other changes what is asserted."""

_PERIODS = {
    word: period
    for period, words in {
        "year": "매년 해마다 연간 연 년", "half": "반기별", "quarter": "분기별 매분기", "term": "매학기 학기당 학기별",
        "month": "매월 매달 월간 월별 월",
        "fortnight": "격주", "week": "매주 주간 주별 주", "day": "매일 일별 일", "two-months": "격월",
        "two-years": "격년",
    }.items()
    for word in words.split()
}  # fmt: skip
"""How often, or for how long: ``매월`` for ``매년``, ``월 10만 원`` for ``연 10만 원`` says something else."""

_MORE = (
    "늘 늘어나 늘리 오르 올리 높이 높아지 상승 증가 인상 상향 증액 확대 넓히 커지 키우 많아지 급증 급등 반등 확충"
    " 증설 증원 오름세 상승세 증가세 강세"
).split()
_LESS = (
    "줄 줄어들 줄이 내리 떨어지 낮추 낮아지 하락 감소 인하 하향 감액 축소 좁히 작아지 적어지 급감 급락 감축 삭감 감원"
    " 내림세 하락세 감소세 약세"
).split()
"""Words for going up and for going down: any of these is the reverse of any of those."""
_ON = (
    "시행 실시 도입 추진 개최 운영 운행 공급 판매 발표 발급 접수 착공 출시 개통 지급 상영 발사 수입 채용 개관 개장 개방"
    " 진료 영업"
).split()
_OFF = ("연기 유예 보류 중단 중지 철회 취소 무산 백지화 미루 멈추 휴관 휴장 휴업 휴무 휴원 휴진 결항 운휴").split()
"""What is done, and what is put off or given up."""
_OVER = "넘 넘어서 웃돌 돌파 초과 상회".split()
_UNDER = "육박 밑돌 하회 근접 미달 못미치 다다르".split()
"""Words for having passed a mark, and for being short of it."""
_MUCH = "크게 대폭 상당히 뚜렷이 매우 아주 완전히 전적으로 급격히 현저히 대단히".split()
_LITTLE = "소폭 다소 조금 약간 완만히 서서히".split()
_FORBID = "금지 불허 중단 중지".split()
_REFRAIN = "자제 삼가 제한 지양 유의 주의 최소화".split()
_ORDER = "명령 지시 의무 의무적 의무화 강제 금지".split()
_URGE = "권고 권유 권장 요청 당부 독려 안내 자율 자율적 협조".split()
"""What is forbidden or ordered, and what is left to whom it is asked of: ``금지한다``, ``자제를 당부한다``."""
_PROTEST = "규탄 항의 비난 경고 반대 condemn condemned".split()
_CONCERN = "우려 유감 유감스럽 주시 주목 regret regretted note noted".split()
_WELCOME = "환영 지지 축하 찬사 높이평가 welcome welcomed support supported".split()
"""How a government takes what others do: it welcomes, notes, regrets or protests."""
_DEMAND = "촉구 요구 독촉 재촉 압박".split()
_HOPE = "기대 희망 바라".split()
"""What others are asked to do, and what one hopes that they do."""
_FREE = "무료 무상 공짜".split()
_PAID = "유료 유상 반값 할인 실비 자부담".split()
_SORRY = "사과 사과드리 사죄 사죄드리 죄송 죄송스럽 송구 송구스럽".split()
_REGRET = "유감 유감스럽 안타깝 아쉽 아쉽게".split()
"""Who is sorry for what he did, and who would rather it had not come about."""
_BREAK = "위반 위배 어기 저버리".split()
_NEGLECT = "소홀 소홀히 게을리 미흡 미비 부적절".split()
_NOW = "즉시 즉각 즉각적 곧바로 당장 일괄 한꺼번에 동시".split()
_BY_AND_BY = "순차 순차적 단계적 점진적 점차 차례로 추후 향후 나중 조속히 조만간 중장기적 장기적".split()
_EVERY = "빠짐없이 전수 전량 전건 모조리 샅샅이 모두 전부 전원 누구나".split()
_CHOSEN = "무작위 표본 선별 선별적 골라 추출 간추려 추첨 선착순 제비뽑기".split()
_ALWAYS = "항상 언제나 상시 무기한 영구 영구적 영구히".split()
_AT_TIMES = "가끔 간혹 때때로 필요시 한시 한시적 당분간 일시적 잠시".split()

_PAIRS = (
    *_OPPOSITES, *itertools.product(_MORE, _LESS), *itertools.product(_ON, _OFF), *itertools.product(_MUCH, _LITTLE),
    *itertools.product(_OVER, _UNDER), *itertools.product(_FORBID, _REFRAIN), *itertools.product(_ORDER, _URGE),
    *itertools.product(_PROTEST, _CONCERN), *itertools.product(_WELCOME, (*_PROTEST, *_CONCERN)),
    *itertools.product(_SORRY, _REGRET), *itertools.product(_BREAK, _NEGLECT),
    *itertools.product(_NOW, _BY_AND_BY), *itertools.product(_ALWAYS, _AT_TIMES),
    *itertools.product(_EVERY, _CHOSEN), *itertools.product(_DEMAND, _HOPE), *itertools.product(_FREE, _PAID),
)  # fmt: skip
_TURNED = {frozenset(pair) for pair in _PAIRS}


_TURNED |= {frozenset(map(without_l, pair)) for pair in _PAIRS}
_PREFIXES = ("미", "불", "비", "무", "반", "부")
"""``미포함``, ``불공정``, ``비공개``, ``무허가``"""

_VERBAL = r"(?=$|[^가-힣]|하|한|할|합|함|했|해|되|된|될|됐|됨|돼|중|을|를|이다|입|임|키로|키|은|는|이|도|만|에|안)"
_OF_NOUN = r"(?!\s(?:배경|경위|경과|내용|현황|체계|방향|전략|근거|목적|실적|성과|일정|절차|과제|주체|기구|여건|개요))"
"""What a word of commitment only belongs to: ``추진 배경`` and ``추진 경과`` promise nothing."""
_WILL = "[" + "".join(chr(code) for code in range(0xAC00 + 8, 0xD7A4, 28)) + "]"
"""Syllables that end in ㄹ, the form before 수 and 것: ``나갈 것이다``."""

_NO_AIM = r"(?!도록(?!\s?[하한할해했합])|게(?!\s?[되된될됐됩돼하한할해했합]))"
"""``누릴 수 있도록`` says what for and is no leave; ``누릴 수 있게 된다`` is."""

_OPEN = "[" + "".join(chr(0xAC00 + at) for at in range(0, 11172, 28) if at // 28 % 21 in {0, 1, 4, 6, 9, 10, 14}) + "]"
"""Syllables before 야 that says what must be: ``해야``, ``지켜야``, ``낮춰야``; 분야 and 시야 have others."""

_WAS = "[" + "".join(chr(code) for code in range(0xAC00 + 20, 0xD7A4, 28)) + "]"
"""Syllables that end in ㅆ: ``살폈어야 했다`` regrets and obliges to nothing."""

_HEDGES: tuple[tuple[str, str, bool], ...] = (
    (
        "can",
        rf"(?<![가-힣])(?<!않을\s)수(?:가|는|도)?\s?(?:있|없){_NO_AIM}|(?<!않){_WILL}\s?수(?:가|는|도)?\s?(?:있|없){_NO_AIM}",
        True,
    ),
    ("will", rf"{_WILL}\s?것(?:이다|입니다|이라|임|이며)", True),
    (
        "must",
        rf"지\s?않을\s수(?:가|는)?\s?없|수밖에\s?없"
        rf"|[가-힣]면\s안\s?[되된될됐됩돼]|{_OPEN}야\s?(?:만\s?)?(?:한|할|합|함|(?<!{_WAS}어야\s)했|하|된|될)",
        True,
    ),
    (
        "forecast",
        r"것으로(?:도|는)?\s?(?:[보본봅봤]|예상|전망|기대|추정|관측|판단)|(?:전망|예상)(?=[이입임인된되됩됐한하합함했]|$|\W)",
        True,
    ),
    ("found", r"(?:확인|판명)(?:됐|되었|된다|됩니다|됨)|밝혀(?:졌|진다|짐)|드러(?:났|난다|남)", False),
    ("seeming", r"추정|(?<![선돋])보(?:인다|입니다)|듯하", True),
    ("hearsay", r"것으로(?:도|는)?\s?(?:알려|전해)", True),
    ("undecided", r"미정(?=이|인|임|입|$)|미확정", True),
    ("plan", r"(?:계획|예정|방침)(?=이(?:다|며|고|라|었|지|나|므)|입|임|인|으로|하|했|한|$|[^가-힣])", True),
    ("mean", rf"{_WILL}\s?생각(?=이|입|임)", True),
    ("agree", r"기로\s?(?:했|하였|한다|함|합|결|의|확)", True),
    (
        "maybe",
        r"가능성|우려(?=가|된|되)|(?<![가-힣])(?:소지|여지|개연성|정황|의혹|혐의)[이가도은는]?\s?(?=[있없크다]|드러|포착)"
        r"|(?:의혹|혐의)를?을?\s?받|의심(?=된|되|됐|받)",
        True,
    ),
    ("intend", r"(?:고자|(?<!(?<![가-힣])[우고배격독장염심])려고?)\s?(?:한다|합니다|함|했|하였|할|하며|하고)", True),
    ("consider", rf"(?:검토|고려){_VERBAL}", True),
    ("proposal", r"(?:방안|여부|문제)(?:를|을)?\s?(?:논의|협의)", True),
    ("discuss", rf"(?:논의|협의){_VERBAL}", False),
    ("pursue", rf"추진{_OF_NOUN}{_VERBAL}", False),
    ("under-way", r"진행\s?(?:중(?=이|인|입|임|$|[^가-힣\s])|되고\s?있)", False),
    ("aim", r"목표(?=로|이|다|$|[^가-힣])", False),
    ("decide", rf"(?:확정|결정|의결|합의|타결|체결|비준){_VERBAL}", False),
    ("off", rf"(?:보류|유보|철회|백지화){_VERBAL}", False),
    ("act", rf"(?:시행|실시|도입|착수|집행|시작|개시){_VERBAL}", False),
    ("done", rf"(?:완료|마무리){_VERBAL}|마쳤|마친다|끝냈|끝마", False),
    ("effort", r"노력(?=하|한|할|했|해|합)|힘쓰|힘쓸|힘써", False),
    ("surely", r"반드시", True),
    ("if-possible", r"가급적|되도록(?=\s)|가능한\s?한|가능하면", True),
    ("at-best", r"(?<![가-힣])(?:이르면|빠르면|늦어도)(?=\s|$)", True),
    ("in-principle", r"원칙적으로", True),
    ("provisional", r"잠정(?:적으로)?", True),
)  # fmt: skip
"""Level, pattern, and whether its coming or going alone says that the commitment changed."""
_IN_ENGLISH: tuple[tuple[str, str, bool], ...] = (
    ("will", r"(?<![A-Za-z])(?:will|would)(?![A-Za-z])", False),
    ("can", r"(?<![A-Za-z])(?:may|might|can|could)(?![A-Za-z])", True),
    ("must", r"(?<![A-Za-z])(?:must|shall|should)(?![A-Za-z])", True),
    ("plan", r"(?<![A-Za-z])(?:(?:plan|intend|hope|aim)s?|planned|intended|expected)\sto(?![A-Za-z])", True),
    ("consider", r"(?<![A-Za-z])(?:consider(?:s|ed|ing)?|explor(?:e|es|ed|ing))(?![A-Za-z])", True),
)  # fmt: skip
"""The same of what English promises by."""
_LATIN = re.compile("[a-z]{2}")

_ANY_HEDGE = re.compile("|".join(f"(?:{pattern})" for _, pattern, _ in (*_HEDGES, *_IN_ENGLISH)))
_PATTERNS, _ENGLISH = (
    [(level, re.compile(pattern), alone) for level, pattern, alone in listed] for listed in (_HEDGES, _IN_ENGLISH)
)
_FUNCTION = re.compile(
    r"(?:말(?:아[가-힣]*|고|자|라)?|마(?:[세시십라셔][가-힣]*)?|맙시다|수|것(?:이|을|은|도|과)?|방안(?:을|도|까지)?|여부(?:를|도|는)?|생각(?:이다|입니다|임)|봅니다|본다|등|중(?:이[가-힣]*|인|입니다|임)?|바|및|점|할|한|될|된|하지|되지|않[가-힣]*|못[가-힣]*|안|아니[가-힣]*|아닙[가-힣]*|아닌|아님[가-힣]?|있[가-힣]*|없[가-힣]*|하기로|되기로|하는|되는|하도록|돼야"
    r"|나가(?:겠[가-힣]*|기로)|나갈|나간다|한다|합니다|하겠다|하겠습니다|했다|했습니다|하고|하며|해야|된다|됩니다|됐다|이다|입니다|것으로|것이다|것입니다|보인다|보입니다|수도|수가|아니다|못한다|못했다"
    r"|[Nn]ot|[Nn]ever|[Nn]o|longer|cannot|do|does|did|will|would|may|might|can|could|must|shall|should|be|is|are)$"
)
"""Words of grammar, which say nothing by themselves: ``수``, ``있다``, ``않는다``, ``하기로``."""


def denials(text: str) -> int:
    """Count the denials in ``text``, set phrases left out."""
    return len(_DENIAL.findall(_NO_DENIAL.sub(" ", text)))


def reverse(old: str, new: str) -> bool:
    """Tell whether two stems (NFC) say the reverse of each other or another period: 늘 and 줄, 연 and 월."""
    before, after = _PERIODS.get(old), _PERIODS.get(new)
    return frozenset((old, new)) in _TURNED or (before is not None and after is not None and before != after)


_SIGNS = [(frozenset("↑↗"), frozenset("↓↘")), (frozenset("○◯✓✔"), frozenset("×✕✖✗✘"))]
"""``↑`` and ``↓``, ``○`` and ``×``: signs that say the reverse of each other."""


def turned_sign(old: str, new: str) -> bool:
    """Tell whether a sign stands for its reverse among the marks of two texts."""
    ours, theirs = set(old) - set(new), set(new) - set(old)
    return any((ours & one and theirs & other) or (ours & other and theirs & one) for one, other in _SIGNS)


def heads(word: str) -> str:
    """Give the arrow that a stem (NFC) says in words: ``↑`` of 상승, ``↓`` of 감소; empty of all others."""
    return "↑" if word in _MORE else "↓" if word in _LESS else ""


def denied(old: str, new: str) -> bool:
    """Tell whether two stems (NFC) deny each other: 있 and 없, 공개 and 비공개."""
    if frozenset((old, new)) in _DENIED:
        return True
    short, long = sorted((old, new), key=len)
    return len(short) >= 2 and any(long == prefix + short for prefix in _PREFIXES)


def hedges(text: str) -> dict[str, bool]:
    """Give the levels of commitment in ``text``, each with whether it counts alone."""
    patterns = (*_PATTERNS, *_ENGLISH) if _LATIN.search(text) else _PATTERNS
    return {level: alone for level, pattern, alone in patterns if pattern.search(text)}


def bare(words: Sequence[str]) -> list[str]:
    """Give the 어절 that are left when those of denial, commitment and grammar are taken out."""
    return [word for word in words if not _FUNCTION.match(_contracted(word)) and not _ANY_HEDGE.match(word)]


def _contracted(word: str) -> str:
    """Write 하였다 as 했다, 되었다 as 됐다 and 하여야 as 해야, which are the same."""
    return word.replace("하였", "했").replace("되었", "됐").replace("하여야", "해야").replace("되어야", "돼야")
