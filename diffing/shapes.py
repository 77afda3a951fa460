"""Names by their shape: laws, departments, storms, countries in a letter, what is called in Latin letters.

A shape alone proves nothing: it is to be asked of words of which one replaced the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rapidfuzz.distance import Levenshtein

from diffing import gazetteer
from diffing.names import LAW
from diffing.spelled import any_of

Shape = Callable[[str], str | None]
"""Gives what an 어절 names by its shape, None where it names nothing of the kind."""

_PARTICLES = "은|는|이|가|을|를|의|에|에서|와|과|도|로|으로"

_IN_HANJA = re.compile(r"[對駐訪]?[韓美中日北英獨佛]{1,3}")
"""``美`` of ``美 정부``, ``對中``, ``韓日``."""

_SLIP = 2
"""Letters in which two words in Latin letters may differ and are one, misspelt on one side."""

_STATUTE = re.compile(r"[가-힣]{1,12}법")
"""``상법을``, ``자본시장법``: what a law looks like without brackets; ``방법`` does too."""

_KNOWN_STATUTES = frozenset(
    "헌법 민법 형법 상법 세법 행정법 노동법 국제법 소득세법 법인세법 근로기준법 자본시장법".split()
)

_WAYS = re.compile(
    r"(?:방|문|기|수|해|비|편|요|용|공|화|어|불|사|입|합|위|적|준|마|무|주|필|창|작|서|산|대처|예방|활용|이용|사용|재배|조리"
    r"|작성|진단|검사|분석|측정|치료|운동|공부|학습|보관|복용|구별|계산|처리|설명)법"
)
"""``방법``, ``재배법``: what ends like a law and is a way of doing something."""

_ITS_DEPARTMENT = re.compile(r"(?P<unit>[가-힣·]{3,12}(?<![결성효통학교])과)(?:가|는|를|로|에|에서|에게|의|다|입니다)")

_DESK = re.compile(r"[가-힣·]{2,14}(?<![결효성경초부통학])과")
"""``보훈선양과`` as it stands in the lines of whom to ask."""

_TOWNS = [one for towns in gazetteer.IN_PROVINCES.values() for one in towns]
_PLACES = any_of((*gazetteer.PLACES, *gazetteer.CITIES, *gazetteer.NATURE, *gazetteer.SITES, *_TOWNS))


def _of_shape(name: str, particles: str = _PARTICLES) -> Shape:
    """Make what gives the name of one shape that an 어절 is, its particle left out, None where it is none."""
    pattern = re.compile(f"(?P<name>{name})(?:{particles})?")

    def named(word: str) -> str | None:
        hit = pattern.fullmatch(word)
        return hit["name"] if hit else None

    return named


in_latin = _of_shape("[A-Z][a-z]{2,}")
"""Give what an 어절 calls by its own name in Latin letters: ``Google과``, each word of ``San Francisco``."""

site = _of_shape("[가-힣]{2,8}(?:댐|영화제|비엔날레|엑스포|서원|향교|산성|저수지|올림픽|월드컵|산업단지|컨소시엄|성당)")
"""Give what an 어절 names with an ending that tells its kind: ``소양강댐은``, ``전주국제영화제의``."""

feast = _of_shape(
    rf"{_PLACES}[가-힣]{{0,8}}"
    "(?:축제|문화제|예술제|음악제|박람회|대축전|마라톤|시장|오일장|미술제|연극제|불꽃쇼)"
)
"""Give what an 어절 says is held in a place and called after it: of ``보령머드축제가`` 보령머드축제."""

house = _of_shape(
    "(?!관광|비즈니스|특급|캡슐|한옥|전통|친환경|대형|지역|일반|고층|초고층|스마트|도심|시내|공항|고급|유명|노후|복합|숙박)"
    "[가-힣A-Z]{2,8}(?:호텔|백화점|면세점|아울렛|리조트|타워|빌딩|웨딩홀|컨벤션)"
)
"""Give the hotel or store that an 어절 names: of ``롯데호텔에서`` 롯데호텔, but no kind of one: ``관광호텔``."""

storm = _of_shape("[가-힣]{2,6}?")
"""Give what a storm is called (NFC) where its name stands behind 태풍."""

station = _of_shape(
    "[가-힣]{2,6}(?<![지구영방병번통용무광권교현하해역유배수음노경외])역|[서동]대구역",
    "은|는|이|가|을|를|의|에|에서|와|과|도|으로|까지|부터|앞",
)
"""Give the station that an 어절 names: of ``오송역에서`` 오송역, but not ``지역``, ``방역``, ``통역``."""

cipher = _of_shape(
    "[A-Z](?:사|씨|군|양|시|도|구|업체|기업|회사|은행|병원|의원|대|대학|대학교|학교|고|고교|일보|신문|경제|방송|매체|언론사|기관"
    "|단체|협회|공사|공단|재단|국|마을|농가|농장|법인|증권|보험|카드사|건설|제약|식품|마트|백화점|호텔|학원|요양원|요양병원"
    "|어린이집|유치원|교회|지자체|국가|부처|대표|교수|기자|장관)",
    f"{_PARTICLES}|에게|부터|까지|보다",
)
"""Give who is not named in full: of ``A사의`` A사, ``B일보``; ``A등급`` and ``B형`` are kinds."""

team = _of_shape(
    "[가-힣]{0,10}(?:추진단|관리단|점검단|준비단|지원단|조사단|대응단|기획단|자문단|협력단|사업단|실무단|협의체|전담반|상황실|대책반"
    "|점검반|조사반|전담팀|특별팀|대책본부|수습본부|특별위|대책위|추진위|TF|태스크포스"
    "|자치회|연합회|상인회|부녀회|번영회|청년회|노인회|동문회|봉사단|합창단|예술단|무용단|교향악단|오케스트라"
    "|(?<=[가-힣]{2})(?:지원|상담|문화|연구|체험|진흥|재생)센터)"
)
"""Give the body for one task, or of a neighbourhood, that an 어절 names: of ``현장점검단이`` 현장점검단."""


def statute(word: str) -> str | None:
    """Give the law (NFC) that an 어절 names by its shape, None where it names a way of doing something or nothing.

    A shape alone proves nothing: it is to be asked of two words of which one replaced the other, one of them known.
    """
    hit = _STATUTE.match(word)
    return hit.group() if hit and not _WAYS.fullmatch(hit.group()) else None


def decree(word: str) -> str | None:
    """Give the decree (NFC) that an 어절 names behind a law, None where it names none."""
    return next((one for one in ("시행령", "시행규칙") if word.startswith(one)), None)


def department(word: str) -> str | None:
    """Give the department (NFC) that an 어절 names by its shape, of ``재난대응과에서`` 재난대응과."""
    hit = _ITS_DEPARTMENT.fullmatch(word)
    return hit["unit"] if hit else None


def desk(word: str) -> str | None:
    """Give the department that a bare 어절 names: ``보훈선양과``, but not ``추진결과``."""
    return word if _DESK.fullmatch(word) else None


def in_hanja(word: str) -> str | None:
    """Give the countries that an 어절 has in one letter each, as headlines do: ``對美``, ``韓日``."""
    return word if _IN_HANJA.fullmatch(word) else None


def misspelt(old: str, new: str) -> bool:
    """Tell whether two words in Latin letters are one but for a slip: ``Trasition`` and ``Transition``."""
    return Levenshtein.distance(old, new, score_cutoff=_SLIP) <= _SLIP


def known_statute(law: str) -> bool:
    """Tell whether a law is one that releases name without brackets: ``상법``."""
    return law in _KNOWN_STATUTES or bool(LAW.fullmatch(law))
