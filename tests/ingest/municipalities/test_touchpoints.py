"""What a touchpoint's table may say, and what it inherits from its municipality."""

from pathlib import Path

import pytest

from ingest.files.findings import Finding
from ingest.files.toml_files import read_toml
from ingest.files.toml_tables import Table
from ingest.municipalities.touchpoints import CallingBack, Kiosk, Touchpoint, read_touchpoint

PLAIN = """
number = 7
channel = "balie"
questionnaire = "balie"
version = 1
name.nl = "Balie in de hal"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def read(folder: Path, text: str, slug: str = "balie-hal") -> tuple[Touchpoint, list[Finding]]:
    path = folder / "molensloot.toml"
    path.write_text(text, encoding="utf-8")
    file = read_toml(path)
    findings: list[Finding] = []
    touchpoint = read_touchpoint(
        Table(file, findings, file.data),
        municipality="molensloot",
        slug=slug,
        languages=("nl", "en"),
        origins=("https://www.molensloot.example",),
    )
    return touchpoint, findings


def messages(folder: Path, text: str, slug: str = "balie-hal") -> list[str]:
    return [finding.message for finding in read(folder, text, slug)[1]]


def test_a_touchpoint_takes_languages_and_origins_from_its_municipality(folder: Path) -> None:
    touchpoint, findings = read(folder, PLAIN)
    assert findings == []
    assert touchpoint == Touchpoint(
        municipality="molensloot",
        slug="balie-hal",
        number=7,
        channel="balie",
        questionnaire="balie",
        version=1,
        name={"nl": "Balie in de hal"},
        languages=("nl", "en"),
        allowed_origins=("https://www.molensloot.example",),
    )
    assert touchpoint.path == "molensloot/balie-hal"


def test_everything_that_a_touchpoint_can_say_is_read(folder: Path) -> None:
    touchpoint, findings = read(
        folder,
        PLAIN
        + """
location = "hal"
product = "paspoort"
languages = ["en"]
allowed_origins = ["http://127.0.0.1:8000"]
link_lifetime_days = 30
retired = true
dimensions = { product = ["paspoort", "rijbewijs"], wijk = ["noord"] }
opening_hours = { ma = "09:00-17:00", zo = "00:00-24:00" }
kiosk = { interval_seconds = 8, reset_seconds = 45 }
""",
    )
    assert findings == []
    assert touchpoint.location == "hal"
    assert touchpoint.product == "paspoort"
    assert touchpoint.languages == ("en",)
    assert touchpoint.allowed_origins == ("http://127.0.0.1:8000",)
    assert touchpoint.link_lifetime_days == 30
    assert touchpoint.retired
    assert touchpoint.dimensions == {"product": ("paspoort", "rijbewijs"), "wijk": ("noord",)}
    assert touchpoint.opening_hours == {"ma": "09:00-17:00", "zo": "00:00-24:00"}
    assert touchpoint.kiosk == Kiosk(interval_seconds=8, reset_seconds=45)


@pytest.mark.parametrize("number", ["0", "131072", "-1", "true", "7.0", '"7"'])
def test_a_number_that_no_token_can_hold_is_refused(folder: Path, number: str) -> None:
    (message,) = messages(folder, PLAIN.replace("number = 7", f"number = {number}"))
    assert message.startswith("`number` must be a whole number from 1 to 131071, not ")


def test_the_highest_number_that_a_token_can_hold_is_taken(folder: Path) -> None:
    assert messages(folder, PLAIN.replace("number = 7", "number = 131071")) == []


def test_an_unknown_channel_is_refused_and_the_nearest_suggested(folder: Path) -> None:
    (message,) = messages(folder, PLAIN.replace('channel = "balie"', 'channel = "telefoon"'))
    assert message.endswith("not 'telefoon'; did you mean 'telefonie'?")
    assert "balie, telefonie, online, melding" in message


@pytest.mark.parametrize("days", [0, 366])
def test_a_link_lives_for_one_day_to_a_year(folder: Path, days: int) -> None:
    (message,) = messages(folder, PLAIN + f"link_lifetime_days = {days}")
    assert "from 1 to 365" in message


def test_responses_wait_for_nine_others_unless_the_file_says_otherwise(folder: Path) -> None:
    assert read(folder, PLAIN)[0].batch == 10
    assert read(folder, PLAIN + "batch = 25")[0].batch == 25


@pytest.mark.parametrize("batch", [3, 50])
def test_a_batch_is_of_three_to_fifty(folder: Path, batch: int) -> None:
    assert messages(folder, PLAIN + f"batch = {batch}") == []


@pytest.mark.parametrize("batch", ["2", "51", "0", "-10", "true", "10.0", '"10"'])
def test_a_batch_in_which_one_resident_stands_alone_or_that_never_fills_is_refused(
    folder: Path, batch: str
) -> None:
    (message,) = messages(folder, PLAIN + f"batch = {batch}")
    assert message.startswith("`batch` must be a whole number from 3 to 50, not ")


@pytest.mark.parametrize(("batch", "small"), [(3, True), (9, True), (10, False), (50, False)])
def test_under_ten_the_group_is_small_and_residents_are_told(
    folder: Path, batch: int, small: bool
) -> None:
    assert read(folder, PLAIN + f"batch = {batch}")[0].small_group is small


def test_dimensions_keep_the_order_of_the_file_the_most_important_first(folder: Path) -> None:
    for names in (["wijk", "product", "soort"], ["soort", "wijk", "product"]):
        text = PLAIN + "".join(f'dimensions.{name} = ["a"]\n' for name in names)
        assert list(read(folder, text)[0].dimensions) == names


def test_four_dimensions_besides_product_and_location_are_enough(folder: Path) -> None:
    four = 'product = ["a"]\nlocation = ["a"]\n' + "".join(f'd{n} = ["x"]\n' for n in range(4))
    assert messages(folder, f"{PLAIN}[dimensions]\n{four}") == []
    (message,) = messages(folder, f'{PLAIN}[dimensions]\n{four}d4 = ["x"]\n')
    assert message == "at most 4 dimensions besides product and location, not 5"


@pytest.mark.parametrize("name", ["cijfer", "lang", "via", "_version", "Wijk", '"wijk noord"'])
def test_a_dimension_cannot_take_the_name_of_something_else(folder: Path, name: str) -> None:
    assert len(messages(folder, f'{PLAIN}[dimensions]\n{name} = ["x"]\n')) == 1


def test_a_touchpoints_own_product_is_one_of_the_products_it_allows(folder: Path) -> None:
    (message,) = messages(
        folder, PLAIN + 'product = "paspoort"\ndimensions.product = ["rijbewijs"]\n'
    )
    assert message == "`product` 'paspoort' is not among `dimensions.product`"


@pytest.mark.parametrize(
    "hours", ["9:00-17:00", "09:00", "17:00-09:00", "09:00-09:00", "25:00-26:00", "09:00-17:00\\n"]
)
def test_opening_hours_run_from_early_to_late(folder: Path, hours: str) -> None:
    (message,) = messages(folder, PLAIN + f'opening_hours.ma = "{hours}"')
    assert message.startswith('`ma` must be hours such as "09:00-17:00"')


def test_weekdays_and_kiosk_settings_have_fixed_names(folder: Path) -> None:
    text = PLAIN + 'opening_hours.mo = "09:00-17:00"\nkiosk.reset = 30\n'
    assert [message[:19] for message in messages(folder, text)] == [
        "unknown key 'mo'",
        "unknown key 'reset'",
    ]


def test_a_touchpoint_is_named_as_in_a_web_address(folder: Path) -> None:
    (message,) = messages(folder, PLAIN, slug="Balie hal")
    assert message.startswith("the name of a touchpoint must be lower-case letters")


@pytest.mark.parametrize("origin", ["*", "https://a.example;script-src *", "https://a.example/x"])
def test_an_origin_of_a_touchpoint_is_exact_too(folder: Path, origin: str) -> None:
    (message,) = messages(folder, PLAIN + f'allowed_origins = ["{origin}"]')
    assert message.startswith("`allowed_origins` must be an origin")


def test_where_one_may_ask_to_be_called_the_file_says_within_how_many_days(folder: Path) -> None:
    assert read(folder, PLAIN)[0].callback is None
    asked = read(folder, f"{PLAIN}callback = {{ working_days = 2 }}\n")
    assert asked[0].callback == CallingBack(working_days=2)
    assert asked[1] == []
    assert asked[0].callback.countries == ("NL",)
    named = read(folder, f'{PLAIN}callback = {{ working_days = 2, countries = ["BE", "DE"] }}\n')
    assert named[0].callback == CallingBack(working_days=2, countries=("NL", "BE", "DE"))
    for country in ("België", "be", "XX", "UK"):
        (message,) = messages(
            folder, f'{PLAIN}callback = {{ working_days = 2, countries = ["{country}"] }}\n'
        )
        assert f"must be a country in two letters such as NL, not '{country}'" in message
    # One is another word in most languages, and a number is kept for fourteen days.
    for days in ("1", "6", "true", '"2"'):
        (message,) = messages(folder, f"{PLAIN}callback = {{ working_days = {days} }}\n")
        assert "`working_days` must be a whole number from 2 to 5" in message
    assert messages(folder, f"{PLAIN}callback = {{}}\n") == ["`working_days` is missing"]
    (message,) = messages(folder, f"{PLAIN}callback = true\n")[:1]
    assert message == "`callback` must be a table"
