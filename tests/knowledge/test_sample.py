"""The sample knowledge base: complete, valid, consistent, and said to be invented."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml

import knowledge
from knowledge.evidence import Advantage, Evidence, Kind, Label, Truth, Visibility, verbatim_span

FOLDER = Path(knowledge.__file__).parent / "sample"
TODAY = date(2026, 11, 23)
KIND_OF_FOLDER = {
    "case-studies": Kind.CASE_STUDY,
    "testimonials": Kind.TESTIMONIAL,
    "competitive-facts": Kind.COMPETITIVE_FACT,
    "product-facts": Kind.PRODUCT_FACT,
    "track-record": Kind.TRACK_RECORD,
    "rumours": Kind.RUMOUR,
    "market-facts": Kind.MARKET_FACT,
}
FLOORS = {
    Kind.CASE_STUDY: 18,
    Kind.TESTIMONIAL: 18,
    Kind.COMPETITIVE_FACT: 24,
    Kind.PRODUCT_FACT: 10,
    Kind.TRACK_RECORD: 7,
    Kind.RUMOUR: 3,
    Kind.MARKET_FACT: 20,
}
SECTORS = {
    "healthcare",
    "logistics",
    "retail",
    "financial services",
    "manufacturing",
    "hospitality",
    "public sector",
}
REGIONS = {"Nordics", "DACH", "UK & Ireland", "Iberia", "Benelux"}
COMPETITORS = {"Meridant", "Pellicom", "Osterwave"}
BUYERS = ("Fjellheim", "Brandt & Söhne", "Calloway", "Alvorada", "Veldhuis", "Sonnau", "Skerrow")
PATHS = sorted(FOLDER.glob("*/*.md"))


def read(path: Path) -> Evidence:
    opening, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    assert opening == "", f"{path.name} does not start with front matter"
    return Evidence.model_validate({**yaml.safe_load(front), "text": body.strip()})


ITEMS = [read(path) for path in PATHS]
BY_ID = {item.id: item for item in ITEMS}


def of(kind: Kind) -> list[Evidence]:
    return [item for item in ITEMS if item.kind is kind]


def named(items: list[Evidence]) -> list[object]:
    return [pytest.param(item, id=item.id) for item in items]


def test_the_readme_says_that_everything_is_invented() -> None:
    """Nobody can take the vendor, a customer, a competitor or a person for a real one."""
    text = (FOLDER / "README.md").read_text(encoding="utf-8").casefold()
    assert "everything in this folder is invented" in text
    for word in ("vendor", "customers", "competitors", "person", *map(str.casefold, COMPETITORS)):
        assert word in text


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in PATHS])
def test_a_file_is_named_for_its_item_and_lies_in_the_folder_of_its_kind(path: Path) -> None:
    """The file's stem is the id, the folder is the kind, and both stand in the front matter."""
    item = read(path)
    assert item.id == path.stem
    assert item.kind is KIND_OF_FOLDER[path.parent.name]


def test_there_is_enough_of_every_kind() -> None:
    """The floors are met, and the rumours are exactly three."""
    counts = Counter(item.kind for item in ITEMS)
    assert all(counts[kind] >= floor for kind, floor in FLOORS.items()), counts
    assert counts[Kind.RUMOUR] == 3


def test_ids_titles_and_texts_are_unique() -> None:
    """No item repeats another one."""
    for values in ([i.id for i in ITEMS], [i.title for i in ITEMS], [i.text for i in ITEMS]):
        assert [value for value, times in Counter(values).items() if times > 1] == []


@pytest.mark.parametrize("item", named(ITEMS))
def test_every_item_says_where_it_comes_from_and_until_when_it_holds(item: Evidence) -> None:
    """Source, owner with a role, and both dates are there, and nothing was guessed."""
    assert item.source
    assert re.fullmatch(r"[^,]+, .+", item.owner or ""), "owner is not `person, role`"
    assert item.as_of is not None
    assert item.valid_until is not None
    assert item.as_of < item.valid_until
    assert item.as_of <= TODAY
    assert item.inferred == ()


def test_some_items_are_past_their_date_and_most_are_not() -> None:
    """There is something stale to notice on the day of the sample, in several kinds."""
    stale = [item for item in ITEMS if item.stale_on(TODAY)]
    assert 6 <= len(stale) <= len(ITEMS) // 5
    assert all(item.valid_until and item.valid_until <= date(2026, 6, 30) for item in stale)
    assert len({item.kind for item in stale}) >= 4


def test_some_items_are_for_coaching_only() -> None:
    """At least three items may not be shown to a customer, whatever the day."""
    internal = [item for item in ITEMS if item.visibility is Visibility.INTERNAL]
    assert len(internal) >= 3
    assert not any(item.quotable_on(TODAY) for item in internal)


def test_labels_tell_facts_from_inferences_and_assumptions() -> None:
    """All three labels occur, and a worked return is never labelled a fact."""
    assert {item.label for item in ITEMS} == set(Label)
    assert BY_ID["roi-200-users"].label is Label.INFERENCE


def test_no_buyer_of_the_scenarios_is_used_as_a_customer() -> None:
    """The people one practises on cannot be quoted as references."""
    assert [(i.id, b) for i in ITEMS for b in BUYERS if b in i.model_dump_json()] == []


class TestCustomers:
    """Case studies and testimonials."""

    def test_case_studies_cover_sectors_regions_and_competitors(self) -> None:
        """Every sector has two, every region two, and customers left each competitor."""
        cases = of(Kind.CASE_STUDY)
        sectors = Counter(item.sector for item in cases)
        regions = Counter(item.region for item in cases)
        assert set(sectors) == SECTORS
        assert set(regions) == REGIONS
        assert min(sectors.values()) >= 2
        assert min(regions.values()) >= 2
        assert {item.competitor for item in cases} >= COMPETITORS

    def test_a_quotable_pair_fits_every_buyer(self) -> None:
        """For each buyer's sector and region there are at least two current stories or voices."""
        wanted = [
            ("healthcare", "Nordics"),
            ("logistics", "DACH"),
            ("retail", "UK & Ireland"),
            ("financial services", "Iberia"),
            ("manufacturing", "Benelux"),
            ("hospitality", "DACH"),
            ("public sector", "UK & Ireland"),
        ]
        for kind in (Kind.CASE_STUDY, Kind.TESTIMONIAL):
            fits = Counter((i.sector, i.region) for i in of(kind) if i.quotable_on(TODAY))
            assert [pair for pair in wanted if fits[pair] < 2] == []

    @pytest.mark.parametrize("item", named(of(Kind.CASE_STUDY)))
    def test_a_case_study_tells_a_whole_story(self, item: Evidence) -> None:
        """Three sections, 120 to 220 words, figures and the customer's name in the result."""
        _, situation, done, result = re.split(r"## (?:Situation|What was done|Result)\n", item.text)
        assert 120 <= len(item.text.split()) <= 220
        assert item.customer
        assert all(item.customer in part for part in (situation, done, result))
        first = re.split(r"(?<=\.) ", result.strip())[0]
        assert item.customer in first
        assert re.search(r"\d", first)
        assert len(re.findall(r"\d[\d,.]*", item.text)) >= 4
        assert len(re.findall(r"“[^”]+,” says [A-Z]", item.text)) == 1

    @pytest.mark.parametrize("item", named(of(Kind.TESTIMONIAL)))
    def test_a_testimonial_is_one_to_three_sentences_and_a_name(self, item: Evidence) -> None:
        """The words come first, without quotation marks, and the last line says whose they are."""
        words, attribution = item.text.split("\n\n")
        assert 1 <= len(re.findall(r"[.!?](?:\s|$)", words)) <= 3
        assert not set(words) & set('“”"')
        assert item.size is not None
        assert attribution.startswith("— ")
        assert attribution.endswith(
            f", {item.customer} ({item.sector}, {item.region}, {item.size:,} employees)"
        )

    def test_a_customer_is_the_same_in_every_item(self) -> None:
        """Sector, region and size never differ between two items of one customer."""
        seen: dict[str, set[tuple[object, ...]]] = {}
        for item in ITEMS:
            if item.customer:
                described = (item.sector, item.region, item.size)
                seen.setdefault(item.customer, set()).add(described)
        assert {name: found for name, found in seen.items() if len(found) > 1} == {}

    @pytest.mark.parametrize("item", named(of(Kind.CASE_STUDY)))
    def test_the_size_in_the_front_matter_stands_in_the_story(self, item: Evidence) -> None:
        """The number of employees in the text is the one in the front matter."""
        assert f"{item.size:,} employees" in item.text


class TestCompetitors:
    """Competitive facts: fair, dated, and word for word."""

    def test_each_competitor_has_enough_criteria_and_none_twice(self) -> None:
        """Eight or more facts each, one criterion per fact."""
        pairs = [(item.competitor, item.criterion) for item in of(Kind.COMPETITIVE_FACT)]
        counts = Counter(competitor for competitor, _ in pairs)
        assert set(counts) == COMPETITORS
        assert min(counts.values()) >= 8
        assert len(set(pairs)) == len(pairs)

    def test_the_comparison_is_honest(self) -> None:
        """Competitors are ahead in seven facts or more, each somewhere, and level in three."""
        facts = [item for item in of(Kind.COMPETITIVE_FACT) if item.quotable_on(TODAY)]
        behind = [item for item in facts if item.advantage is Advantage.THEM]
        level = [item for item in facts if item.advantage is Advantage.SIMILAR]
        assert len(behind) >= 7
        assert {item.competitor for item in behind} == COMPETITORS
        assert len(level) >= 3

    @pytest.mark.parametrize("item", named(of(Kind.COMPETITIVE_FACT)))
    def test_both_sides_stand_word_for_word_in_the_text(self, item: Evidence) -> None:
        """``us`` and ``them`` are whole sentences of the text, each naming its company."""
        assert item.us
        assert item.them
        assert item.competitor
        assert verbatim_span(item.text, item.us)
        assert verbatim_span(item.text, item.them)
        assert "Corvane" in item.us
        assert item.competitor in item.them
        assert item.us.endswith(".")
        assert item.them.endswith(".")

    def test_the_price_difference_is_right(self) -> None:
        """6.90 against 11.50 EUR makes 11,040 EUR a year for 200 users."""
        item = BY_ID["osterwave-list-price"]
        assert round((11.50 - 6.90) * 200 * 12) == 11_040
        assert "11,040 EUR" in item.text
        assert "11.50 EUR" in (item.us or "")
        assert "6.90 EUR" in (item.them or "")

    def test_the_hours_of_downtime_are_right(self) -> None:
        """An uptime of 99.5% allows 43.8 hours a year and 99.95% allows 4.4."""
        item = BY_ID["osterwave-uptime-sla"]
        for part, promised in ((item.us, 99.95), (item.them, 99.5)):
            assert f"{promised}%" in (part or "")
            assert f"{(100 - promised) / 100 * 8760:.1f} hours" in (part or "")


class TestMarkets:
    """What holds in a market, for whoever has to defend a plan."""

    @pytest.mark.parametrize("item", named(of(Kind.MARKET_FACT)))
    def test_a_market_fact_says_what_is_counted_and_by_whom(self, item: Evidence) -> None:
        """A criterion, a figure, the year it is from, and no customer or competitor."""
        assert item.criterion
        assert re.search(r"\b20\d\d\b", item.text)
        assert len(re.findall(r"\d[\d,.]*", item.text)) >= 2
        assert (item.customer, item.competitor) == (None, None)

    def test_the_growth_of_all_sectors_fits_that_of_each(self) -> None:
        """Weighted by their size, as both studies give them."""
        growth = [14, 9, 7, 6, 4, 3, 3]
        size = [240, 260, 190, 540, 70, 430, 110]
        together = sum(g * s for g, s in zip(growth, size, strict=True)) / sum(size)
        assert f"grew by {together:.0f}% in 2025" in BY_ID["growth-by-sector-2025"].text


class TestRumours:
    """One rumour of each truth, under the ids that the scenarios use."""

    def test_there_is_one_of_each_truth(self) -> None:
        """True, false and unknown, under the ids that the scenarios name."""
        assert {item.id: item.truth for item in of(Kind.RUMOUR)} == {
            "rumour-outage-2024": Truth.TRUE,
            "rumour-support-closing": Truth.FALSE,
            "rumour-recordings-training": Truth.UNKNOWN,
        }

    @pytest.mark.parametrize("item", named(of(Kind.RUMOUR)))
    def test_a_rumour_can_be_verified_and_its_position_is_not_quoted(self, item: Evidence) -> None:
        """The text says how to check it; the advice on handling stays out of the text."""
        assert "## How to verify" in item.text
        assert item.position
        assert item.position not in item.text
        assert item.do_not_say

    def test_the_true_one_is_owned_in_its_first_sentence(self) -> None:
        """The first sentence says that it happened, how bad it was, and whose fault."""
        first = BY_ID["rumour-outage-2024"].text.split("\n")[0]
        assert first.startswith("Yes, it happened")
        assert all(part in first for part in ("212", "nine hours", "Corvane's own failure"))

    def test_the_false_one_starts_and_ends_with_the_fact(self) -> None:
        """The myth is named once, between two facts, and nobody apologises."""
        text = BY_ID["rumour-support-closing"].text
        assert "61 to 78 people" in text.split("\n")[0]
        assert "78 people" in text.split("\n")[-1]
        assert text.count("offshore") == 1
        assert not re.search(r"\b(sorry|apolog)", text, re.IGNORECASE)

    def test_the_unknown_one_is_asserted_nowhere(self) -> None:
        """No item says that recordings are, or are not, used to train anything."""
        mentions = [
            i.id for i in ITEMS if re.search(r"\btrain (its|their|an) AI|used for AI", i.text)
        ]
        assert mentions == ["rumour-recordings-training"]
        first = BY_ID["rumour-recordings-training"].text.split("\n")[0]
        assert "neither confirm nor rule out" in first


class TestFigures:
    """Arithmetic, and the figures that several items share."""

    def test_the_return_for_200_users_is_right(self) -> None:
        """Every line of the worked return follows from the numbers above it."""
        text = BY_ID["roi-200-users"].text
        hours_a_day = 200 * 9 / 60
        a_day = hours_a_day * 28
        a_year = a_day * 220
        licences = 200 * 11.50 * 12
        first_year = licences + 14_000
        months = first_year / (a_year / 12)
        assert (hours_a_day, a_day, a_year, licences) == (30, 840, 184_800, 27_600)
        for amount in (a_day, a_year, licences, first_year, a_year - first_year, a_year / 12):
            assert f"{amount:,.0f} EUR" in text
        assert f"{months:.1f} months" in text
        assert months < 3

    def test_the_return_stays_honest_about_its_assumption(self) -> None:
        """The nine minutes are the buyer's to confirm; half of them and break-even are shown."""
        text = BY_ID["roi-200-users"].text
        half = 200 * 4.5 / 60 * 28 * 220
        assert "are the buyer's to confirm" in text
        assert f"4.5 minutes, the value is {half:,.0f} EUR" in text
        assert f"{41_600 / (half / 12):.1f} months" in text
        assert 2.0 < 41_600 / 184_800 * 9 < 2.1

    def test_the_formula_example_is_right(self) -> None:
        """80 users, 5 minutes, 30 EUR and 220 days make 44,000 EUR, for 11,040 EUR of licences."""
        text = BY_ID["roi-your-own-numbers"].text
        assert f"{80 * 5 / 60 * 30 * 220:,.0f} EUR" in text
        assert f"{80 * 11.50 * 12:,.0f} EUR" in text

    @pytest.mark.parametrize(
        ("item_id", "parts", "computed"),
        [
            ("case-hollin-and-marsh", "138,000 GBP|74,000 GBP", f"{138_000 + 74_000:,} GBP"),
            (
                "case-rottach-spedition",
                "3 minutes 40 seconds|2 minutes 52 seconds",
                f"{100 * (220 - 172) / 220:.0f}%",
            ),
            ("case-seguros-montalva", "9.5 to 7.8", f"{100 * (9.5 - 7.8) / 9.5:.0f}%"),
            ("case-auerbrink-logistik", "300 users", f"{300 * (11.50 - 6.90) * 12:,.0f} EUR"),
            ("case-alpenrast-hotels", "61,000 EUR|8,800 EUR", f"{61_000 / 8_800:.0f} months"),
            ("number-porting", "21,100 of 21,400", f"{100 * 21_100 / 21_400:.1f}%"),
            ("number-porting", "21,100 of 21,400", f"{21_400 - 21_100} numbers"),
            ("uptime-2025", "99.97%", f"{(1 - 0.9997) * 365 * 24 * 60:.0f} minutes"),
            ("support-team-2025", "47 worked in Ghent|31 in Porto", f"{47 + 31} people"),
            ("rumour-outage-2024", "nine hours", f"{100 * (1 - 9 / (366 * 24)):.2f}%"),
            ("nine-minutes-explained", "4 came|3 from|2 from", f"{4 + 3 + 2} minutes"),
            ("pellicom-list-price", "10.90 EUR|2.40 EUR", f"{11.50 - 10.90:.2f} EUR"),
            (
                "market-size-by-sector-2025",
                "540 million|430|260|240|190|110 and hospitality 70",
                f"{540 + 430 + 260 + 240 + 190 + 110 + 70:,} million EUR",
            ),
            ("pilots-2025", "214 pilots|126 of them", f"{126 / 214:.0%}"),
            ("reseller-margin-worked-out", "40 users|22%", f"{40 * 11.50 * 12:,.0f} EUR"),
            ("reseller-margin-worked-out", "5,520 EUR", f"{5_520 * 0.22:,.0f} EUR"),
            ("reseller-margin-worked-out", "about two years", f"{3_900 - 1_450:,} EUR"),
            ("poland-test-budget", "9,000|11,000|6,000", f"{9_000 + 11_000 + 6_000:,} EUR"),
            ("poland-test-budget", "11,000 EUR", f"{26_000 - 11_000:,} EUR would be lost"),
            ("japan-first-ninety-days", "28,000|21,000", f"{28_000 + 21_000 + 15_000:,} EUR"),
            ("japan-where-data-stays", "18,500 EUR a month", f"{18_500 * 12:,} EUR a year"),
            ("japan-yen-sensitivity", "420,000 EUR|10%", f"{420_000 * 9 // 10:,} EUR"),
            ("japan-who-left-again", "Of 27|11 had", f"Of the {27 - 11} that stayed"),
            ("pilots-2025", "214 pilots|126 of them", f"Of the {214 - 126} pilots"),
            ("partner-opportunities-lost", "96|31|22|14", f"other {96 - 31 - 22 - 14}"),
            ("revenue-by-customer-type", "average over all", f"{96.4e6 / 4_100:,.0f}"[:4]),
            ("pellicom-list-price", "10.90 EUR|2.40 EUR", f"{10.90 + 2.40 - 11.50:.2f} EUR"),
        ],
    )
    def test_sums_and_percentages_are_right(self, item_id: str, parts: str, computed: str) -> None:
        """Parts add up to their total, and a percentage fits the figures beside it."""
        text = BY_ID[item_id].text
        assert all(part in text for part in parts.split("|"))
        assert computed in text

    @pytest.mark.parametrize(
        ("pattern", "allowed"),
        [
            (r"median (?:time to the )?first answer[^.]*? of (\d+) seconds in 2025", {"41"}),
            (r"first answer of Corvane support was (\d+) seconds in 2025", {"41"}),
            (r"uptime of (99\.9\d+%) in 2025", {"99.97%"}),
            (r"(?<!Osterwave )promises an uptime of (99\.\d+%)", {"99.95%", "99.5%"}),
            (r"Corvane promises (?:a|an)[a-z ]* uptime of ([\d.]+%)", {"99.95%"}),
            (r"ported ([\d.]+%) of numbers", {"98.6%"}),
            (r"Corvane Voice costs ([\d.]+) EUR", {"11.50"}),
            (r"Osterwave costs ([\d.]+) EUR", {"6.90"}),
            (r"transcribes calls live in (\d+) languages", {"9", "31"}),
            (r"Corvane Desk transcribes (?:calls live in )?(\d+) languages", {"9"}),
            (r"([\d.]+%) of Corvane customers whose contract", {"94%"}),
            (r"certified to ISO 27001 since (\d+)", {"2019", "2020"}),
            (r"(\d+) days' notice", {"30"}),
            (r"grew from (\d+ to \d+) people", {"61 to 78"}),
            (r"missed patient calls from ([\d%a-z ]+) in four months", {"18% to 6%"}),
        ],
    )
    def test_a_figure_that_several_items_share_is_the_same_everywhere(
        self, pattern: str, allowed: set[str]
    ) -> None:
        """One key figure has one value, wherever it is quoted."""
        found = {value for item in ITEMS for value in re.findall(pattern, item.text)}
        assert found
        assert found <= allowed
