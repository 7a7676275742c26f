"""By which other names a participant is called: adjectives, nationals, short names, in English and French.

Own data, by ISO 3166-1 code (international organisations by their short names). The names of States themselves come
from the register and from the list of countries, in the languages of the portal. An adjective is given once in each
form that is written; endings of the plural are found without being listed.
"""

from __future__ import annotations

from collections.abc import Mapping


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    code: _words(text)
    for code, text in {
        "AF": "Afghan, Afghani, Afghane",
        "AL": "Albanian, Albanais, Albanaise",
        "AO": "Angolan, Angolais, Angolaise",
        "AT": "Austrian, Autrichien, Autrichienne",
        "AU": "Australian, Australien, Australienne",
        "BA": "Bosnia, Herzegovina, Bosnian, Bosniak, Herzegovinian, Bosnie, Bosnien, Bosnienne, BiH",
        "BE": "Belgian, Belge",
        "BG": "Bulgarian, Bulgare",
        "CA": "Canadian, Canadien, Canadienne",
        "CH": "Swiss, Suisse, Suissesse, Helvetic, Helvétique, Swiss Confederation, Confédération suisse",
        "CL": "Chilean, Chilien, Chilienne",
        "CN": "Chinese, Chinois, Chinoise, People’s Republic of China, République populaire de Chine, PRC",
        "CR": "Costa Rican, Costaricain, Costaricaine, Costaricien, Costaricienne",
        "CY": "Cypriot, Cypriote, Chypriote",
        "CZ": "Czech, Czech Republic, Tchèque, République tchèque",
        "DE": "German, Allemand, Allemande, Federal Republic of Germany, République fédérale d’Allemagne",
        "DK": "Danish, Dane, Danois, Danoise",
        "EC": "Ecuadorian, Ecuadorean, Équatorien, Équatorienne",
        "EE": "Estonian, Estonien, Estonienne",
        "ES": "Spanish, Spaniard, Espagnol, Espagnole",
        "FI": "Finnish, Finn, Finlandais, Finlandaise, Finnois, Finnoise",
        "FR": "French, Frenchman, Frenchwoman, Français, Française",
        "GB": "Great Britain, Britain, British, Briton, UK, U.K., Royaume-Uni, Grande-Bretagne, Britannique, Northern "
        "Ireland, English delegation, Scottish",
        "GE": "Georgian, Géorgien, Géorgienne",
        "GR": "Greek, Hellenic, Grec, Grecque, Hellénique",
        "HR": "Croatian, Croat, Croate",
        "HU": "Hungarian, Hongrois, Hongroise",
        "IE": "Irish, Irlandais, Irlandaise",
        "IQ": "Iraqi, Irak, Irakien, Irakienne, Iraquien, Iraquienne",
        "IS": "Icelandic, Icelander, Islandais, Islandaise",
        "IT": "Italian, Italien, Italienne",
        "JO": "Jordanian, Jordanien, Jordanienne",
        "JP": "Japanese, Japonais, Japonaise",
        "KW": "Kuwaiti, Koweïtien, Koweïtienne",
        "LI": "Liechtensteiner, Liechtensteinois, Liechtensteinoise",
        "LT": "Lithuanian, Lituanien, Lituanienne",
        "LU": "Luxembourger, Luxembourgish, Luxembourgeois, Luxembourgeoise",
        "MC": "Monegasque, Monacan, Monégasque",
        "ME": "Montenegrin, Monténégrin, Monténégrine",
        "MG": "Malagasy, Madagascan, Malgache",
        "MK": "Macedonia, Macedonian, Macédoine, Macédonien, Macédonienne, FYROM",
        "MT": "Maltese, Maltais, Maltaise",
        "NL": "Dutch, Dutchman, Dutchwoman, Holland, Netherlander, Hollande, Hollandais, Hollandaise, Néerlandais, "
        "Néerlandaise",
        "NO": "Norwegian, Norvégien, Norvégienne",
        "NZ": "New Zealander, Néo-Zélandais, Néo-Zélandaise, Aotearoa",
        "PA": "Panamanian, Panaméen, Panaméenne",
        "PL": "Polish, Pole, Polonais, Polonaise",
        "PT": "Portuguese, Portugais, Portugaise",
        "QA": "Qatari, Qatarien, Qatarienne",
        "RO": "Romanian, Roumain, Roumaine",
        "SE": "Swedish, Swede, Suédois, Suédoise",
        "SI": "Slovenian, Slovene, Slovène",
        "SK": "Slovak, Slovakian, Slovak Republic, Slovaque, République slovaque",
        "SL": "Sierra Leonean, Sierra-Léonais, Sierra-Léonaise",
        "UA": "Ukrainian, Ukrainien, Ukrainienne",
        "UG": "Ugandan, Ougandais, Ougandaise",
        "US": "United States, American, US, U.S., USA, U.S.A., États-Unis, Américain, Américaine",
        "UY": "Uruguayan, Uruguayen, Uruguayenne",
        "ZA": "South African, Sud-Africain, Sud-Africaine, RSA",
        "EU": "European Union, Union européenne, UE, European External Action Service, EEAS, SEAE",
        "OSCE": "Organization for Security and Co-operation in Europe, Organisation for Security and Co-operation in "
        "Europe, Organisation pour la sécurité et la coopération en Europe",
        "NATO": "OTAN, North Atlantic Treaty Organization, North Atlantic Treaty Organisation, Atlantic Alliance, "
        "Organisation du traité de l’Atlantique Nord, Alliance atlantique",
    }.items()
}

#: Written small, these are ordinary words: they name a people only with a capital letter.
ORDINARY_WORDS = frozenset({"polish", "pole", "finn", "dane", "jordan", "chili", "georgia"})
