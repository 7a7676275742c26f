"""The French texts of the sample questionnaires, by the keys of `plan.SECTIONS` and `consultation.SECTIONS`.

Choices, rows and columns stand one a line, in the order of the English ones.
"""

from __future__ import annotations

IMPORTANCE = {"low_label": "pas important", "high_label": "très important"}


def _importance(that: str) -> dict[str, str]:
    return {"text": f"Quelle importance votre délégation attache-t-elle à ce que {that} ?", **IMPORTANCE}


CLIENTS = (
    "Ministères et ambassades\nOrganisations internationales\nOrganisations humanitaires\n"
    "Entreprises minières, pétrolières et gazières\nCompagnies maritimes"
)

FRENCH: dict[str, dict[str, str]] = {
    "SP2018": {
        "title": "Plan stratégique 2018",
        "introduction": "L’Association rédige son plan stratégique et demande aux participants du Document de Montreux "
        "ce qu’elle doit viser. Chaque délégation répond une fois. Les réponses vont au Conseil d’administration, qui "
        "en discute avant que le plan ne devienne définitif.\n\n"
        "Exemple : ce questionnaire a été écrit pour le site d’exemple.",
    },
    "governments": {
        "title": "Adhésion et reconnaissance des gouvernements",
        "introduction": "Sept gouvernements sont membres de l’Association. D’autres pourraient y adhérer ou la "
        "reconnaître autrement.",
    },
    "importance_1": _importance("davantage de gouvernements adhèrent à l’Association ou la reconnaissent"),
    "guide": {
        "text": "L’Association devrait-elle écrire un guide pour les gouvernements qui envisagent d’adhérer ?",
        "help_text": "Ce que signifie être membre, et les étapes pour le devenir.",
    },
    "easier": {
        "text": "Qu’est-ce qui rendrait l’adhésion plus facile aux gouvernements ?",
        "help_text": "Nommez ce qui fait obstacle, et qui pourrait l’écarter.",
    },
    "guide_first": {"text": "Que le guide devrait-il expliquer en premier ?"},
    "workshop": {
        "text": "Dans quel pays un atelier pour les gouvernements qui envisagent d’adhérer devrait-il avoir lieu ?"
    },
    "client_engagement": {
        "title": "Engagement des clients",
        "introduction": "Par leurs contrats, les clients décident si une entreprise de sécurité a une raison de "
        "respecter le Code.",
    },
    "importance_2": _importance("les clients des entreprises de sécurité connaissent le Code et l’exigent"),
    "clients": {
        "text": "À quels clients l’Association devrait-elle s’adresser en premier ?",
        "help_text": "Choisissez tous ceux qui conviennent.",
        "choices": CLIENTS,
    },
    "steps": {
        "text": "Que devrait faire l’Association auprès des clients, et jusqu’à quand ?",
        "help_text": "Une ligne par démarche, cinq au plus.",
        "columns": "Démarche\nJusqu’au",
    },
    "certification": {
        "title": "Certification simplifiée",
        "introduction": "L’entreprise qui demande la certification apporte la preuve qu’elle satisfait à une norme et "
        "qu’elle respecte le Code.",
    },
    "importance_3": _importance("le chemin vers la certification devienne plus court"),
    "shorter": {
        "text": "Qu’est-ce qui raccourcirait le plus ce chemin, sans exiger moins ?",
        "choices": "Accepter les audits déjà faits\nPublier la durée de chaque étape\n"
        "Une seule demande pour l’adhésion et la certification\nAider les petites entreprises à se préparer",
    },
    "awareness": {
        "title": "Connaissance du terrain et crédibilité",
        "introduction": "L’Association suit le travail de ses membres par des visites sur le terrain, des plaintes et "
        "des rapports.",
    },
    "importance_4": _importance("l’Association sache et montre comment ses membres travaillent sur le terrain"),
    "useful": {
        "text": "Quelle est l’utilité de chacun de ces éléments pour vos autorités ?",
        "help_text": "Une réponse par ligne.",
        "rows": "Guide sur les mécanismes de plainte\nVisites sur le terrain\nAteliers avec la société civile\n"
        "Chiffres sur les plaintes",
        "choices": "Pas utile\nUtile\nTrès utile\nSans avis",
    },
    "funding": {
        "title": "Financement élargi",
        "introduction": "L’Association a besoin de moyens durables. Ce que vous écrivez ici sert à la discussion du "
        "Conseil et n’engage personne.",
    },
    "importance_5": _importance("davantage de gouvernements et d’autres partagent les coûts de l’Association"),
    "share": {
        "text": "Quelle part du budget de l’Association devrait venir des gouvernements ?",
        "help_text": "En pour cent. Laissez vide si vous ne pouvez pas le dire.",
    },
    "budget_day": {
        "text": "Jusqu’à quel jour les gouvernements devraient-ils savoir ce dont l’Association a besoin pour l’année "
        "suivante ?",
        "help_text": "Assez tôt pour leurs propres budgets.",
    },
    "synergies": {
        "title": "Synergies avec d’autres initiatives",
        "introduction": "D’autres initiatives fixent aussi des règles pour la sécurité privée : pour un métier, une "
        "région ou un genre de clients.",
    },
    "importance_6": _importance("l’Association travaille avec d’autres initiatives"),
    "initiative": {
        "text": "Avec quelle initiative l’Association devrait-elle travailler en premier ?",
        "help_text": "Un nom, ou quelques mots.",
    },
    "initiative_page": {"text": "Quelle page de cette initiative le Conseil devrait-il lire ?"},
    "else": {
        "title": "Autres remarques",
        "introduction": "L’ordre des objectifs, ce qui manque, et les documents que le Conseil devrait lire.",
    },
    "order": {
        "text": "Dans quel ordre l’Association devrait-elle poursuivre ses six objectifs ?",
        "help_text": "1 est le premier. Donnez chaque rang une fois.",
        "choices": "Adhésion et reconnaissance des gouvernements\nEngagement des clients\nCertification simplifiée\n"
        "Connaissance du terrain et crédibilité\nFinancement élargi\nSynergies avec d’autres initiatives",
    },
    "missing": {"text": "Que devrait encore dire le plan stratégique ?"},
    "paper": {
        "text": "Joignez un document que le Conseil devrait lire",
        "help_text": "Par exemple une position de votre gouvernement. PDF, Word, Excel ou une image.",
    },
    "contact": {
        "text": "À quelle adresse le Conseil peut-il poser une question sur ces réponses ?",
        "help_text": "Une adresse de service plutôt que celle d’une personne.",
    },
    "read_by_board": {"text": "Nous savons que le Conseil d’administration lit ces réponses."},
    # Sample consultation 2017
    "SC2017": {
        "title": "Consultation d’exemple 2017",
        "introduction": "Exemple : cette consultation et toutes ses réponses sont inventées. Elle montre comment les "
        "résultats sont publiés, et comment une délégation reprend ce qu’elle a répondu auparavant.",
    },
    "2017_governments": {"title": "Les gouvernements et l’Association", "introduction": ""},
    "2017_importance": _importance("davantage de gouvernements adhèrent à l’Association ou la reconnaissent"),
    "2017_guide": {
        "text": "Un guide suffirait-il aux gouvernements qui envisagent d’adhérer ?",
    },
    "2017_instead": {"text": "Que faudrait-il de plus qu’un guide ?"},
    "2017_easier": {"text": "Qu’est-ce qui rendrait l’adhésion plus facile aux gouvernements ?"},
    "2017_clients_section": {"title": "Les clients", "introduction": ""},
    "2017_clients": {
        "text": "À quels clients l’Association devrait-elle s’adresser en premier ?",
        "choices": CLIENTS,
    },
    "2017_share": {"text": "Quelle part du budget de l’Association devrait venir des gouvernements ?"},
    "2017_order": {
        "text": "Dans quel ordre l’Association devrait-elle s’occuper de ces tâches ?",
        "choices": "Visites sur le terrain\nCertification\nPlaintes",
    },
    "2017_missing": {"text": "Que devrait dire un prochain plan stratégique ?"},
}
