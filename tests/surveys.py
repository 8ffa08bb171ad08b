"""A municipality with a questionnaire of every kind of question, and its pages."""

from collections.abc import Iterable

from msgspec.structs import replace

from ingest.municipalities.catalogue import Catalogue
from ingest.municipalities.municipality import Municipality, Touchpoint
from ingest.pages.pages import FormState, Pages
from ingest.questionnaires.items import AskIf, Item, Option, Text
from ingest.questionnaires.questionnaire import Questionnaire
from ingest.responses.answers import Reason
from tests.strict_html import Element, read_page


def said(dutch: str, english: str, arabic: str) -> Text:
    """A text in three languages, one of which is written from right to left."""
    return {"nl": dutch, "en": english, "ar": arabic}


def _options(*words: tuple[str, str, str, str]) -> tuple[Option, ...]:
    return tuple(Option(code=code, label=said(*label)) for code, *label in words)


EVERY_KIND = Questionnaire(
    code="balie",
    version=3,
    status="published",
    title=said(
        "Hoe was uw bezoek aan de balie?",
        "How was your visit to the desk?",
        "كيف كانت زيارتكم لشباك الخدمة؟",
    ),
    intro=said(
        "U was bij ons aan de balie.", "You visited our desk.", "لقد زرتم شباك الخدمة لدينا."
    ),
    items=(
        Item(
            code="cijfer",
            kind="mark",
            required=True,
            text=said(
                "Welk cijfer geeft u dit bezoek?",
                "What mark do you give this visit?",
                "ما الدرجة التي تعطونها لهذه الزيارة؟",
            ),
            low=said("heel slecht", "very bad", "سيئ جدًا"),
            high=said("uitstekend", "excellent", "ممتاز"),
        ),
        Item(
            code="geholpen",
            kind="yes_partly_no",
            required=True,
            not_applicable=True,
            text=said(
                "Is het gelukt waarvoor u kwam?",
                "Did you get what you came for?",
                "هل تمكنتم من إنجاز ما جئتم من أجله؟",
            ),
        ),
        Item(
            code="oorzaak",
            kind="choice",
            required=True,
            ask_if=AskIf(item="geholpen", values=("deels", "nee")),
            text=said("Waardoor lukte het niet?", "Why did you not?", "لماذا لم تتمكنوا من ذلك؟"),
            options=_options(
                (
                    "papieren",
                    "Ik had niet alles bij mij",
                    "I did not have everything with me",
                    "لم يكن معي كل ما يلزم",
                ),
                (
                    "terug",
                    "Ik moet nog een keer komen",
                    "I have to come back",
                    "عليّ أن أعود مرة أخرى",
                ),
            ),
        ),
        Item(
            code="terugkomen",
            kind="agreement",
            ask_if=AskIf(item="oorzaak", values=("terug",)),
            text=said(
                "Ik weet wat ik dan meeneem.",
                "I know what to bring then.",
                "أعرف ما سأحضره معي عندئذ.",
            ),
        ),
        Item(
            code="sfeer",
            kind="smileys",
            not_applicable=True,
            text=said("Hoe was de sfeer?", "How was the atmosphere?", "كيف كانت الأجواء؟"),
        ),
        Item(
            code="moeite",
            kind="rating",
            text=said("Hoe makkelijk ging het?", "How easy was it?", "ما مدى سهولة ذلك؟"),
            low=said("heel moeilijk", "very difficult", "صعب جدًا"),
            high=said("heel makkelijk", "very easy", "سهل جدًا"),
        ),
        Item(
            code="goed",
            kind="choices",
            text=said("Wat ging goed?", "What went well?", "ما الذي سار جيدًا؟"),
            help=said(
                "U mag meer antwoorden kiezen.",
                "You can choose more answers.",
                "يمكنكم اختيار أكثر من إجابة.",
            ),
            options=_options(
                ("wachten", "Het wachten", "The waiting", "الانتظار"),
                ("uitleg", "De uitleg", "The advice", "الشرح"),
            ),
        ),
        Item(
            code="toelichting",
            kind="text",
            text=said("Wat kan beter?", "What could be better?", "ما الذي يمكن تحسينه؟"),
            help=said("Vul geen namen in.", "Leave out names.", "لا تكتبوا أسماء."),
        ),
    ),
)


def touchpoint_of(questionnaire: Questionnaire, **changed: object) -> Touchpoint:
    """The touchpoint molensloot/balie-hal that asks this questionnaire."""
    given: dict[str, object] = {
        "municipality": "molensloot",
        "slug": "balie-hal",
        "number": 1,
        "channel": "balie",
        "questionnaire": questionnaire.code,
        "version": questionnaire.version,
        "name": said("Balie", "Desk", "شباك الخدمة"),
        "languages": ("nl", "en"),
    }
    return Touchpoint(**(given | changed))  # type: ignore[arg-type]


def municipality_of(touchpoints: Iterable[Touchpoint], **changed: object) -> Municipality:
    """Molensloot with these touchpoints."""
    given: dict[str, object] = {
        "code": "GM9001",
        "slug": "molensloot",
        "name": "Molensloot",
        "region": "waterland-noord",
        "languages": ("nl", "en"),
        "base_url": "https://kto.molensloot.example",
        "privacy_url": "https://www.molensloot.example/privacy",
        "accessibility_url": "https://www.molensloot.example/toegankelijkheid",
        "contact_url": "https://www.molensloot.example/contact",
        "fictional": True,
        "touchpoints": tuple(touchpoints),
    }
    return Municipality(**(given | changed))  # type: ignore[arg-type]


class Example:
    """One municipality, one touchpoint, one questionnaire, and their pages."""

    def __init__(self, questionnaire: Questionnaire = EVERY_KIND, **municipality: object) -> None:
        self.questionnaire = questionnaire
        self.touchpoint = touchpoint_of(questionnaire)
        self.municipality = municipality_of((self.touchpoint,), **municipality)
        key = (questionnaire.code, questionnaire.version)
        self.pages = Pages(Catalogue((self.municipality,), {key: questionnaire}))


def rejected(code: str, *names: str) -> tuple[Reason, ...]:
    """The reason `code` for each of these items."""
    return tuple(Reason(name=name, code=code, reason="No.") for name in names)


def again(state: FormState, language: str = "nl", example: Example | None = None) -> Element:
    """The survey page with what one request adds, read strictly."""
    shown = example or Example()
    return read_page(
        shown.pages.survey_again(shown.touchpoint, shown.questionnaire, language, state)
    )


def first_page(language: str = "nl", example: Example | None = None) -> Element:
    """The survey page as everybody first sees it, read strictly."""
    return again(FormState(), language, example)


def few_answer(example: Example) -> Touchpoint:
    """Its touchpoint, had it so few residents that three responses are published together."""
    return replace(example.touchpoint, batch=3)


def with_changed(catalogue: Catalogue, path: str, **changes: object) -> Catalogue:
    """The same files, but for one touchpoint ("molensloot/online") that was changed since."""
    municipalities = [
        replace(
            municipality,
            touchpoints=tuple(
                replace(touchpoint, **changes) if touchpoint.path == path else touchpoint
                for touchpoint in municipality.touchpoints
            ),
        )
        for municipality in catalogue.municipalities.values()
    ]
    return Catalogue(
        municipalities, catalogue.questionnaires, catalogue.extensions, catalogue.groups.values()
    )


def with_retired(catalogue: Catalogue, path: str) -> Catalogue:
    """The same files, but for one touchpoint that was retired since."""
    return with_changed(catalogue, path, retired=True)
