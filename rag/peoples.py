"""Peoples and the places they are of: "the Serbian president" is the president of Serbia."""

from collections.abc import Iterable
from functools import cache

from index.words import terms

# A place, then what is said of its things. Serbs, Croats and others live in many places, and "polish" and
# "swede" are words of their own once letters are small, so they are left out.
_PEOPLES = """
Afghanistan Afghan|Albania Albanian|Algeria Algerian|Angola Angolan|Argentina Argentine Argentinian
Armenia Armenian|Australia Australian|Austria Austrian|Azerbaijan Azerbaijani|Bahrain Bahraini
Bangladesh Bangladeshi|Belarus Belarusian|Belgium Belgian|Bolivia Bolivian|Bosnia Bosnian
Brazil Brazilian|Britain British|Bulgaria Bulgarian|Cambodia Cambodian|Cameroon Cameroonian
Canada Canadian|Chile Chilean|China Chinese|Colombia Colombian|Congo Congolese|Croatia Croatian
Cuba Cuban|Cyprus Cypriot|Czechia Czech|Denmark Danish|Ecuador Ecuadorian|Egypt Egyptian
England English|Eritrea Eritrean|Estonia Estonian|Ethiopia Ethiopian|Europe European|Finland Finnish
France French|Gambia Gambian|Georgia Georgian|Germany German|Ghana Ghanaian|Greece Greek
Guatemala Guatemalan|Haiti Haitian|Honduras Honduran|Hungary Hungarian|Iceland Icelandic
India Indian|Indonesia Indonesian|Iran Iranian|Iraq Iraqi|Ireland Irish|Israel Israeli|Italy Italian
Jamaica Jamaican|Japan Japanese|Jordan Jordanian|Kazakhstan Kazakh|Kenya Kenyan|Korea Korean
Kosovo Kosovar Kosovan|Kuwait Kuwaiti|Kyrgyzstan Kyrgyz|Laos Laotian|Latvia Latvian|Lebanon Lebanese
Liberia Liberian|Libya Libyan|Lithuania Lithuanian|Luxembourg Luxembourgish|Macedonia Macedonian
Malaysia Malaysian|Mali Malian|Malta Maltese|Mexico Mexican|Moldova Moldovan|Mongolia Mongolian
Montenegro Montenegrin|Morocco Moroccan|Mozambique Mozambican|Namibia Namibian|Nepal Nepalese Nepali
Netherlands Dutch|Nicaragua Nicaraguan|Nigeria Nigerian|Norway Norwegian|Pakistan Pakistani
Palestine Palestinian|Panama Panamanian|Paraguay Paraguayan|Peru Peruvian|Philippines Filipino
Portugal Portuguese|Qatar Qatari|Romania Romanian|Russia Russian|Rwanda Rwandan
Scotland Scottish|Senegal Senegalese|Serbia Serbian|Singapore Singaporean|Slovakia Slovak
Slovenia Slovenian|Somalia Somali|Spain Spanish|Sudan Sudanese|Sweden Swedish
Switzerland Swiss|Syria Syrian|Taiwan Taiwanese|Tajikistan Tajik|Tanzania Tanzanian|Thailand Thai
Tibet Tibetan|Tunisia Tunisian|Turkey Turkish|Turkmenistan Turkmen|Uganda Ugandan|Ukraine Ukrainian
Uruguay Uruguayan|Uzbekistan Uzbek|Venezuela Venezuelan|Vietnam Vietnamese|Wales Welsh|Yemen Yemeni
Zambia Zambian|Zimbabwe Zimbabwean
"""


@cache
def _places() -> dict[str, str]:
    rows = [terms(row) for line in _PEOPLES.split("\n") for row in line.split("|") if row]
    return {people: place for place, *peoples in rows for people in peoples}


def by_place(found: Iterable[str]) -> frozenset[str]:
    """Terms, those of peoples as those of their places."""
    places = _places()
    return frozenset(places.get(term, term) for term in found)
