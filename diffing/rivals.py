"""Words of one kind, of which one excludes another: 청년 and 노인, 사과 and 배, 과징금 and 과태료.

One put for another changes what is asserted, though no rule of the language tells it from a synonym. What means the
same is joined by ``=``. A word stands in one kind alone, and no kind holds a word beside one that includes it.
"""

from __future__ import annotations

from collections.abc import Iterable

_KINDS = (
    # whom it is for
    "영유아=유아=영아 아동=어린이 청소년 청년=청년층 중장년=중년=장년=중장년층 노인=어르신=고령자=고령층=노년층"
    " 신혼부부 장애인 임산부=임신부 한부모가정=한부모가족 다문화가족=다문화가정 저소득층 소상공인=자영업자"
    " 농업인=농민 어업인=어민 근로자=노동자 외국인 장병=군인 북한이탈주민=탈북민 기업인",
    "남성=남자 여성=여자",
    "초등학생 중학생 고등학생=고교생 대학생 대학원생",
    "유치원 어린이집 초등학교 중학교 고등학교=고교 대학=대학교 대학원",
    "상급종합병원 종합병원 요양병원 동물병원 치과병원 한방병원 정신병원 재활병원",
    "대기업 중견기업 중소기업 스타트업=창업기업=새싹기업",
    "의사 간호사 약사 한의사 치과의사 변호사 회계사 세무사 법무사 교사 교수",
    # when and where
    "봄=봄철=올봄 여름=여름철=올여름 가을=가을철=올가을 겨울=겨울철=올겨울",
    "새벽 아침 점심 저녁 밤",
    "조간 석간",
    "수도권 충청권 호남권 영남권 강원권 제주권 중부지방 남부지방 영동 영서",
    "동해안 서해안 남해안",
    "동해상 서해상 남해상",
    "동쪽 서쪽 남쪽 북쪽",
    "왼쪽=좌측 오른쪽=우측 가운데",
    "동부 서부 남부 북부 중부",
    # land, sea, industry
    "사과 배 감귤=귤 포도 복숭아 딸기 수박 참외 단감 배추 무 마늘 양파 고추 대파 감자 고구마 상추 오이 당근"
    " 토마토 쌀 보리 밀 콩 옥수수",
    "한우=소고기=쇠고기 돼지고기 닭고기 오리고기",
    "돼지 닭 오리 젖소",
    "고등어 갈치 오징어 명태 참조기 김 미역 다시마 굴 전복 넙치=광어 우럭",
    "반도체 자동차=승용차 선박 철강 석유화학 배터리=이차전지=2차전지 디스플레이 바이오 화장품"
    " 휴대전화=휴대폰=스마트폰 석유제품",
    "제조업 건설업 서비스업 농림어업 도소매업 숙박음식점업=음식점업 운수업 금융업 정보통신업",
    "파종=씨뿌리기 모내기 벼베기=추수=가을걷이",
    "버스 지하철=도시철도 택시 열차=기차 여객선 항공기=비행기",
    "고속도로 국도 지방도",
    "태양광 풍력 수력 원전=원자력 석탄 수소",
    "전기차=전기자동차 수소차=수소전기차 경유차 휘발유차",
    "휘발유 경유 등유 원유",
    "전기요금 가스요금 수도요금",
    # what befalls
    "산불 태풍 호우=집중호우 폭염 한파 대설=폭설 지진 가뭄 홍수 산사태",
    "비 눈 우박 안개 서리",
    "독감=인플루엔자 코로나19=코로나 홍역 결핵 백일해 수두 말라리아 뎅기열 콜레라 장티푸스",
    "위암 간암 폐암 대장암 유방암 췌장암",
    "당뇨=당뇨병 고혈압 비만 치매 뇌졸중 심근경색",
    "과속 음주운전 졸음운전 무면허운전 신호위반 중앙선침범",
    "구제역 조류인플루엔자 아프리카돼지열병 럼피스킨병=럼피스킨",
    # money and law
    "과징금 과태료 벌금 범칙금 이행강제금",
    "소득세=종합소득세 법인세 부가가치세=부가세 종합부동산세=종부세 재산세 취득세 상속세 증여세 양도소득세=양도세"
    " 관세 주세 유류세 개별소비세",
    "국민연금 기초연금 퇴직연금 주택연금 농지연금 공무원연금",
    "건강보험 고용보험 산재보험=산업재해보상보험 실손보험 자동차보험",
    "생계급여 의료급여 주거급여 교육급여",
    "매매 전세 월세",
    "매매가격 전세가격 월세가격",
    "아파트 오피스텔 단독주택 다세대주택 연립주택",
    "공공분양 공공임대 민간분양 민간임대",
    "현금 상품권 바우처=이용권 포인트",
    "우편 방문 전화 이메일=전자우편 팩스",
    "고시 훈령 예규",
    "보조 융자 보증 출자",
    "시정명령 영업정지 등록취소",
    "권고 명령",
    "입법예고 상정 심의 의결 공포",
    "승진 전보 파견 신규임용 면직 퇴직 휴직 복직 직위해제",
    # how a figure is taken
    "일평균=하루평균 월평균 연평균 누적=누계",
    "실질 명목",
    "잠정치 확정치 속보치 전망치 목표치",
    "금메달 은메달 동메달",
    "최우수상 우수상 장려상",
)
_MEANING = {
    word: (number, member)
    for number, kind in enumerate(_KINDS)
    for member, words in enumerate(kind.split())
    for word in words.split("=")
}
"""Of each word the number of its kind and what it is there."""


def exchanged(old: Iterable[str], new: Iterable[str]) -> bool:
    """Tell whether a word (NFC, without ending) that only the old side has gave way to another of its kind."""
    ours, theirs = ({_MEANING[word] for word in side if word in _MEANING} for side in (old, new))
    return not {kind for kind, _ in ours - theirs}.isdisjoint(kind for kind, _ in theirs - ours)
