"""Own questions after the shared ones, so that one survey has nearly every kind of question."""

from pathlib import Path

from ingest.questionnaires.published_sums import digest_of, write_sums
from tests.example import VERSION

_TRANSLATED = {
    "en": ("How did you feel afterwards?", "What did you use?", "Telephone", "Computer"),
    "de": ("Wie ging es Ihnen danach?", "Womit?", "Telefon", "Computer"),
    "pl": ("Jakie były wrażenia?", "Na czym?", "Telefon", "Komputer"),
    "tr": ("Sonra nasıl hissettiniz?", "Ne ile yaptınız?", "Telefon", "Bilgisayar"),
    "uk": ("Як ви почувалися потім?", "Чим ви користувалися?", "Телефон", "Комп’ютер"),
    "ar": ("كيف كان شعوركم بعد ذلك؟", "ماذا استخدمتم؟", "هاتف", "حاسوب"),
}


def every_kind(config: Path) -> None:
    """Own questions for Molensloot's online forms: the kinds that the shared ones do not have."""
    folder = config / "extensions" / "molensloot"
    online = folder / "online"
    online.mkdir()
    (online / f"v{VERSION}.toml").write_text(
        f'questionnaire = "online"\nversion = {VERSION}\nstatus = "published"\n'
        '[[items]]\ncode = "sfeer"\nkind = "smileys"\nnot_applicable = true\n'
        'text.nl = "Hoe voelde u zich daarna?"\n'
        '[[items]]\ncode = "apparaat"\nkind = "choices"\ntext.nl = "Waarmee deed u het?"\n'
        '[[items.options]]\ncode = "telefoon"\nlabel.nl = "Telefoon"\n'
        '[[items.options]]\ncode = "computer"\nlabel.nl = "Computer"\n',
        "utf-8",
    )
    for language, (feeling, device, phone, computer) in _TRANSLATED.items():
        (online / f"v{VERSION}.{language}.toml").write_text(
            f'language = "{language}"\nreviewed_by = ""\n[items.sfeer]\ntext = "{feeling}"\n'
            f'[items.apparaat]\ntext = "{device}"\n'
            f'options.telefoon = "{phone}"\noptions.computer = "{computer}"\n',
            "utf-8",
        )
    files = [*sorted(folder.glob("*/*.toml"))]
    write_sums(folder, {file.relative_to(folder).as_posix(): digest_of(file) for file in files})
