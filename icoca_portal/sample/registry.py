"""An Association of the sample: every name but one is invented; its figures on 6 June 2018 are what the ninth exchange
was told.

Companies, civil-society organisations and governments join from 2014 on, are certified, leave, apply. Each fact is
recorded on its own day, so that a day can be asked for as it was known then; some facts became known late.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from random import Random

from django.utils.text import slugify

from icoca_portal.sample import registry_kept
from icoca_portal.sample.clock import known_on
from members import operations
from members.models import Application, Certificate, Membership, Organisation, OtherName, Pillar, Size, Standard, User

COMPANY, CIVIL_SOCIETY = Organisation.Kind.COMPANY, Organisation.Kind.CIVIL_SOCIETY
SOURCE = "Sample register"


def words(text: str) -> list[str]:
    """The parts of a list written as a line: at its commas, or at its blanks if it has none."""
    return [each.strip() for each in (text.split(",") if "," in text else text.split())]


#: What the ninth exchange was told of the companies: where they work, and how large they are.
WORKS = ["land"] * 51 + ["sea"] * 16 + ["both"] * 26
SIZES = [Size.SMALL] * 72 + [Size.MEDIUM] * 14 + [Size.LARGE] * 7
COUNTRIES = words(
    "GB US ZA AE FR DE GR CY NO IN KE NG UG PE CO IQ AF PK LK PH AU CA CH SE DK NL BE IT ES PT MT TR EG SN"
)
#: Where the companies beyond the first of each country are: some countries have many.
MORE_HEADQUARTERS = words("GB US GB ZA GB AE GB US FR GB IQ DE GB US GR CY GB NO KE US NG IN")
GOVERNMENTS = words("CH GB US AU SE NO CA")
CIVIL_SOCIETY_COUNTRIES = words("CD CD NG KE GH UG ZA SN CO PE MX GT IN PK LK NP PH AF GB US CH FR BE NL")
CERTIFIED = 13
#: A Congolese member that is known by name: it led the workshop in Goma. When it joined is invented here.
OSCMP = "OSCMP"

PLACES = words(
    "Harbour Highland Meridian Coastline Summit Delta Lantern Anchor Cedar Falcon Northern Southern "
    "Granite Beacon Horizon Compass Bridge River Ridge Island Valley Orchard Savannah Mistral"
)
TRADES = words("Guarding Protection Risk Security Services Watch")
FORMS = ("Ltd", "SA", "GmbH", "Inc.", "Pvt Ltd", "BV")
CAUSES = words("Human Rights, Rule of Law, Women and Security, Community Safety, Labour Rights, Accountability")
NAMES_OF_CIVIL_SOCIETY = words("Watch Forum Network Centre Initiative Observatory")


class Registry:
    """Writes the sample's registry through the operations."""

    def __init__(self, by: User) -> None:
        self.by = by
        self.draw = Random(9)  # noqa: S311 (the same sample each time)
        self.company_names = (
            f"Sample {place} {trade} {FORMS[number % len(FORMS)]}"
            for number, (trade, place) in enumerate(product(TRADES, PLACES))
        )
        self.society_names = (f"Sample {kind} for {cause}" for kind, cause in product(NAMES_OF_CIVIL_SOCIETY, CAUSES))
        codes = ("PSC.1", "ISO 18788", "ISO 28007")
        self.standards = {code: Standard.objects.get_or_create(code=code)[0] for code in codes}

    # Organisations

    def organisation(self, name: str, kind: str, country: str = "") -> Organisation:
        return Organisation.objects.create(name=name, slug=slugify(name), kind=kind, country=country)

    def join(self, organisation: Organisation, pillar: str, on: date, known: date | None = None) -> Membership:
        with known_on(known or on):
            return operations.record_membership(
                organisation, pillar=pillar, valid_from=on, source=f"{SOURCE}: decision of the Board", by=self.by
            )

    def describe(self, company: Organisation, country: str, works: str, size: str, on: date) -> None:
        with known_on(on):
            operations.record_profile(
                company,
                headquarters=country,
                environment=works,
                size=size,
                works_in=self.draw.sample(COUNTRIES, 3),
                valid_from=on,
                source=f"{SOURCE}: company profile",
                by=self.by,
            )

    def certify(self, company: Organisation, standard: str, on: date, years: int = 3) -> Certificate:
        with known_on(on):
            return operations.record_certificate(
                company,
                standard=self.standards[standard],
                body=self.draw.choice(self.bodies),
                number=f"SAMPLE-{on.year}-{company.pk:04d}",
                scope="Sample scope: guarding of persons and sites",
                issued_on=on,
                expires_on=on.replace(year=on.year + years),
                source=f"{SOURCE}: copy of the certificate",
                by=self.by,
            )

    def apply(self, organisation: Organisation, kind: str, pillar: str, on: date, standard: str = "") -> Application:
        with known_on(on):
            return operations.receive_application(
                organisation,
                kind=kind,
                pillar=pillar,
                standard=self.standards[standard] if standard else None,
                received_on=on,
                source=f"{SOURCE}: letter of the applicant",
                by=self.by,
            )

    def review(self, application: Application, on: date) -> None:
        with known_on(on):
            operations.begin_review(application, on=on, source=f"{SOURCE}: note of the secretariat", by=self.by)

    # The history

    def load(self) -> int:
        """Write all of it. Returns how many organisations were made."""
        before = Organisation.objects.count()
        self.bands()
        self.bodies = [
            self.organisation(f"Sample Certification Body {letter}", Organisation.Kind.CERTIFICATION_BODY, country)
            for letter, country in (("A", "GB"), ("B", "CH"))
        ]
        companies = self.members_of_industry()
        self.members_of_civil_society()
        self.members_of_government()
        self.those_who_left()
        self.certificates(companies)
        self.applications(companies)
        self.later(companies)
        registry_kept.load(companies, by=self.by)
        return Organisation.objects.count() - before

    def bands(self) -> None:
        with known_on(date(2014, 1, 1)):
            for size, lower, upper in ((Size.SMALL, 0, 20), (Size.MEDIUM, 20, 100), (Size.LARGE, 100, None)):
                operations.record_revenue_band(
                    size=size, lower=lower, upper=upper, valid_from=date(2014, 1, 1), source=SOURCE, by=self.by
                )

    def members_of_industry(self) -> list[Organisation]:
        """The 93 companies of the ninth exchange, joined between 2014 and May 2018."""
        works, sizes = list(WORKS), list(SIZES)
        self.draw.shuffle(works)
        self.draw.shuffle(sizes)
        companies = []
        for number, (works_at, size) in enumerate(zip(works, sizes, strict=True)):
            country = [*COUNTRIES, *MORE_HEADQUARTERS * 3][number]
            company = self.organisation(next(self.company_names), COMPANY, country)
            on = date(2014, 1, 15) + timedelta(days=17 * number)
            self.join(company, Pillar.INDUSTRY, on)
            if number % 12 == 5:
                # A company that began on land and went to work elsewhere, or grew, while it was a member.
                self.describe(company, country, "land", Size.SMALL, on)
                self.describe(company, country, works_at, size, on + timedelta(days=240))
            else:
                self.describe(company, country, works_at, size, on)
            companies.append(company)
        self.former_name(companies[3], "Sample Old Coast Guarding", date(2016, 3, 1))
        self.former_name(companies[20], "Sample First Bridge Security", date(2017, 9, 1))
        return companies

    def former_name(self, company: Organisation, name: str, until: date) -> None:
        OtherName.objects.create(organisation=company, name=name, kind=OtherName.Kind.FORMER, until=until)

    def members_of_civil_society(self) -> None:
        """The 26 civil-society members, two of them from Iraq, approved in April 2018."""
        for number, country in enumerate(CIVIL_SOCIETY_COUNTRIES):
            name = next(self.society_names)
            society = self.organisation(OSCMP if number == 0 else name, CIVIL_SOCIETY, country)
            on = date(2014, 2, 1) + timedelta(days=60 * number)
            # One that was approved in summer 2016 reached the register in September: that is what “known then” is for.
            self.join(society, Pillar.CIVIL_SOCIETY, on, known=date(2016, 9, 1) if number == 14 else None)
        for name in ("Sample Iraqi Forum for Community Safety", "Sample Iraqi Network for Human Rights"):
            society = self.organisation(name, CIVIL_SOCIETY, "IQ")
            application = self.apply(society, Application.Kind.MEMBERSHIP, Pillar.CIVIL_SOCIETY, date(2018, 1, 22))
            self.review(application, date(2018, 2, 5))
            with known_on(date(2018, 4, 17)):
                operations.approve_application(
                    application, on=date(2018, 4, 17), source=f"{SOURCE}: decision of the Board", by=self.by
                )

    def members_of_government(self) -> None:
        years = (2014, 2014, 2014, 2015, 2015, 2016, 2017)
        for number, (year, country) in enumerate(zip(years, GOVERNMENTS, strict=True), start=1):
            state = self.organisation(f"Sample Government {number}", Organisation.Kind.STATE, country)
            self.join(state, Pillar.GOVERNMENT, date(year, number, 10))
        for number in (1, 2):
            observer = self.organisation(f"Sample Observer {number}", Organisation.Kind.PARTNER, "CH")
            with known_on(date(2016, 5, 1)):
                operations.record_membership(
                    observer,
                    pillar=Pillar.CIVIL_SOCIETY,
                    category=Membership.Category.OBSERVER,
                    valid_from=date(2016, 5, 1),
                    source=SOURCE,
                    by=self.by,
                )

    def those_who_left(self) -> None:
        """Companies that were members and left before the ninth exchange; of one, the day was recorded wrong first."""
        for number in range(6):
            company = self.organisation(next(self.company_names), COMPANY, COUNTRIES[number])
            on = date(2014, 6, 1) + timedelta(days=31 * number)
            row = self.join(company, Pillar.INDUSTRY, on)
            self.describe(company, COUNTRIES[number], "land", Size.SMALL, on)
            left = date(2016, 2, 1) + timedelta(days=90 * number)
            with known_on(left + timedelta(days=10)):
                row = operations.end_membership(row, on=left, source=f"{SOURCE}: notice of the company", by=self.by)
            if number == 2:
                with known_on(left + timedelta(days=60)):
                    operations.correct_membership(
                        row,
                        valid_to=left - timedelta(days=30),
                        source=f"{SOURCE}: the letter is of a month earlier",
                        by=self.by,
                    )

    def certificates(self, companies: list[Organisation]) -> None:
        """Thirteen companies certified on the day of the ninth exchange; one that was, and one suspended."""
        for number, company in enumerate(companies[:CERTIFIED]):
            works = company.profiles.filter(superseded_at=None).latest("valid_from").environment
            standard = "ISO 28007" if works == "sea" else "PSC.1" if number % 3 else "ISO 18788"
            on = date(2016, 1 + number % 12, 12)
            certificate = self.certify(company, standard, on)
            if number == 4:
                self.change(certificate, "suspended", on + timedelta(days=200))
                suspended = Certificate.objects.filter(superseded_at=None, state="suspended").get(organisation=company)
                self.change(suspended, "valid", on + timedelta(days=290))
            # Most renew every three years, until now.
            renewed = on.replace(year=on.year + 3)
            while number % 5 and renewed < date(2027, 1, 1):
                self.certify(company, standard, renewed)
                renewed = renewed.replace(year=renewed.year + 3)
        # One is certified to a second standard: it counts once.
        held = companies[1].certificates.values_list("standard__code", flat=True)
        self.certify(companies[1], "ISO 18788" if "PSC.1" in held else "PSC.1", date(2017, 5, 2))
        withdrawn = self.certify(companies[CERTIFIED], "PSC.1", date(2016, 3, 1))
        self.change(withdrawn, "withdrawn", date(2017, 11, 1))
        suspended = self.certify(companies[CERTIFIED + 1], "PSC.1", date(2016, 9, 1))
        self.change(suspended, "suspended", date(2018, 5, 1))

    def change(self, certificate: Certificate, state: str, on: date) -> None:
        with known_on(on):
            operations.change_certificate_state(
                certificate, state=state, on=on, source=f"{SOURCE}: notice of the certification body", by=self.by
            )

    def applications(self, companies: list[Organisation]) -> None:
        """Six for certification and thirty for membership, under review on the day of the ninth exchange."""
        decided = date(2018, 9, 4)
        for number, company in enumerate(companies[40:46]):
            application = self.apply(
                company, Application.Kind.CERTIFICATION, Pillar.INDUSTRY, date(2018, 2, 1 + number), "PSC.1"
            )
            self.review(application, date(2018, 3, 1 + number))
            on = decided + timedelta(days=30 * number)
            with known_on(on):
                if number < 4:
                    expires = on.replace(year=on.year + 3)
                    operations.approve_application(
                        application,
                        on=on,
                        source=f"{SOURCE}: decision of the Board",
                        by=self.by,
                        certificate={"body": self.bodies[0], "issued_on": on, "expires_on": expires},
                    )
                elif number == 4:
                    operations.refuse_application(
                        application, on=on, reason="Sample: the audit is not complete.", source=SOURCE, by=self.by
                    )
                else:
                    operations.withdraw_application(application, on=on, source=SOURCE, by=self.by)
        for number in range(30):
            of_industry = number < 22
            organisation = self.organisation(
                next(self.company_names if of_industry else self.society_names),
                COMPANY if of_industry else CIVIL_SOCIETY,
                COUNTRIES[number % 20],
            )
            pillar = Pillar.INDUSTRY if of_industry else Pillar.CIVIL_SOCIETY
            application = self.apply(
                organisation, Application.Kind.MEMBERSHIP, pillar, date(2018, 3, 1) + timedelta(days=2 * number)
            )
            self.review(application, date(2018, 5, 2) + timedelta(days=number))
            self.decide(application, number, date(2018, 7, 2) + timedelta(days=9 * number))
        # Two that nobody has decided yet, so that the secretariat has something to do.
        for number, cause in enumerate(("Sample Youth Forum for Human Rights", "Sample Legal Aid Centre")):
            organisation = self.organisation(cause, CIVIL_SOCIETY, CIVIL_SOCIETY_COUNTRIES[number])
            self.apply(organisation, Application.Kind.MEMBERSHIP, Pillar.CIVIL_SOCIETY, date(2026, 9, 1 + number))

    def decide(self, application: Application, number: int, on: date) -> None:
        with known_on(on):
            if number % 5 == 3:
                operations.refuse_application(
                    application, on=on, reason="Sample: the evidence is not complete.", source=SOURCE, by=self.by
                )
            elif number % 5 == 4:
                operations.withdraw_application(application, on=on, source=SOURCE, by=self.by)
            else:
                operations.approve_application(
                    application, on=on, source=f"{SOURCE}: decision of the Board", by=self.by
                )
        if application.pillar == Pillar.INDUSTRY and number % 5 < 3:
            country = str(application.organisation.country)
            self.describe(application.organisation, country, ("land", "both", "sea")[number % 3], Size.SMALL, on)

    def later(self, companies: list[Organisation]) -> None:
        """Some leave after the ninth exchange."""
        for number, company in enumerate(companies[60:67]):
            row = Membership.objects.get(organisation=company, superseded_at=None)
            left = date(2019, 3, 1) + timedelta(days=200 * number)
            with known_on(left):
                operations.end_membership(row, on=left, source=f"{SOURCE}: notice of the company", by=self.by)


def load(*, by: User) -> int:
    """Write the registry where there is none. Returns how many organisations were made."""
    if Membership.objects.exists():
        return 0
    return Registry(by).load()
