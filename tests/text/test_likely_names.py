"""Names that are offered as names of one agent, and names that are not: each line is a pair of real names."""

from itertools import combinations

import pytest

from claims.text.likely_names import THRESHOLD, alike, best, name_keys
from claims.text.sounds import sound_alike

PERSON, ORGANISATION = True, False

ALIKE = [
    # (one name, another, of a person, the reasons)
    ("Bashar al-Assad", "بشار الأسد", PERSON, "transliterated"),
    ("Bashar al-Assad", "Bachar el-Assad", PERSON, "transliterated"),
    ("Bashar al-Assad", "BASHAR ASSAD", PERSON, "same_words"),
    ("Bashar al-Assad", "President Bashar al-Assad", PERSON, "same_words"),
    ("بشار الأسد", "الرئيس بشار الأسد", PERSON, "same_words"),
    ("Bashar al-Assad", "Bashar Hafez al-Assad", PERSON, "further_words"),
    ("Bashar al-Assad", "Assad, Bashar", PERSON, "other_order"),
    ("Muammar Gaddafi", "Moammar al-Qadhafi", PERSON, "transliterated"),
    ("Muammar Gaddafi", "معمر القذافي", PERSON, "transliterated"),
    ("Mohammed bin Salman", "محمد بن سلمان", PERSON, "transliterated"),
    ("Mohammed bin Salman", "Muhammad bin Salman Al Saud", PERSON, "transliterated further_words"),
    ("Abdulrahman al-Rashed", "عبد الرحمن الراشد", PERSON, "transliterated"),
    ("Abdurrahman Wahid", "Abdul Rahman Wahid", PERSON, "transliterated"),
    ("Hassan Nasrallah", "حسن نصر الله", PERSON, "transliterated"),
    ("Hassan Nasrallah", "Hasan Nasr Allah", PERSON, "transliterated"),
    ("Abdullah Ocalan", "Abdallah Öcalan", PERSON, "same_words"),
    ("Noureddine al-Zenki", "نور الدين الزنكي", PERSON, "transliterated"),
    ("Abu Bakr al-Baghdadi", "أبو بكر البغدادي", PERSON, "transliterated"),
    ("Sergey Lavrov", "Sergei Lavrov", PERSON, "transliterated"),
    ("Sergey Lavrov", "S. Lavrov", PERSON, "initials"),
    ("Sergey Lavrov", "Sergey Labrov", PERSON, "misspelt"),
    ("Staffan de Mistura", "Stefan de Mistura", PERSON, "transliterated"),
    ("Talal al-Barazi", "Governor Talal Barazi", PERSON, "same_words"),
    ("Talal al-Barazi", "طلال البرازي", PERSON, "transliterated"),
    ("Khaled Khoja", "خالد خوجة", PERSON, "transliterated"),
    ("Riyad Hijab", "رياض حجاب", PERSON, "transliterated"),
    ("Riyad Hijab", "Riadh Hidjab", PERSON, "transliterated"),
    ("Walid al-Moallem", "وليد المعلم", PERSON, "transliterated"),
    ("Qasem Soleimani", "Kassem Suleimani", PERSON, "transliterated"),
    ("Recep Tayyip Erdoğan", "Recep Tayyip Erdogan", PERSON, "same_name"),
    ("Jamal Khashoggi", "Gamal Khashoggi", PERSON, "transliterated"),
    ("Al Jazeera", "Aljazeera", ORGANISATION, "other_spacing"),
    ("Al Jazeera", "AlJazeera", ORGANISATION, "same_words"),
    ("Al Jazeera", "الجزيرة", ORGANISATION, "transliterated"),
    ("Al Jazeera", "Al Jazeera Media Network", ORGANISATION, "further_words"),
    ("Sham Network", "Sham News Network", ORGANISATION, "further_words"),
    ("Free Syrian Army", "the Free Syrian Army", ORGANISATION, "same_words"),
    ("First Brigade", "1st Brigade", ORGANISATION, "same_words"),
    ("اللواء الأول", "لواء 1", ORGANISATION, "same_words"),
    ("46th Regiment", "Regiment ٤٦", ORGANISATION, "same_words"),
    ("U.S. State Department", "US Department of State", ORGANISATION, "other_order"),
    ("Syrian Observatory for Human Rights", "Syrian Observatry of Human Rights", ORGANISATION, "transliterated"),
    ("Hezbollah", "Hizbullah", ORGANISATION, "transliterated"),
    ("Hezbollah", "حزب الله", ORGANISATION, "transliterated"),
    ("Jabhat al-Nusra", "جبهة النصرة", ORGANISATION, "transliterated"),
    ("Ahrar al-Sham", "أحرار الشام", ORGANISATION, "transliterated"),
    ("المرصد السوري لحقوق الإنسان", "المَرصد السُّوري لحقوق الانسان", ORGANISATION, "same_name"),
]
DIFFERENT = [
    ("Ahmad al-Assad", "Bashar al-Assad", PERSON),
    ("Bashar al-Assad", "Hafez Bashar al-Assad", PERSON),
    ("Bashar al-Assad", "Assad", PERSON),
    ("Bashar al-Assad", "A. Assad", PERSON),
    ("Mahmoud Abbas", "Mohammed Abbas", PERSON),
    ("محمود عباس", "محمد عباس", PERSON),
    ("محمود عباس", "Mohammed Abbas", PERSON),
    ("Hassan Rouhani", "Hussein Rouhani", PERSON),
    ("Hassan Rouhani", "حسين روحاني", PERSON),
    ("Saad Hariri", "Said Hariri", PERSON),
    ("Ahmed Hassan", "Hamad Hassan", PERSON),
    ("Omar Aziz", "Amr Aziz", PERSON),
    ("Abdul Aziz", "Abdul Rahman", PERSON),
    ("Abu Bakr al-Baghdadi", "Abu Umar al-Baghdadi", PERSON),
    ("Ali Khamenei", "Mojtaba Khamenei", PERSON),
    ("Michelle Obama", "Barack Obama", PERSON),
    ("President", "President Obama", PERSON),
    ("Charles II", "Charles III", PERSON),
    ("John Smith", "John Smith Jr", PERSON),
    ("George W. Bush", "George H. W. Bush", PERSON),
    ("A. B. Smith", "Anna Beth Smith", PERSON),
    ("Free Syrian Army", "Syrian Arab Army", ORGANISATION),
    ("Free Syrian Army", "Syrian Army", ORGANISATION),
    ("First Brigade", "Second Brigade", ORGANISATION),
    ("اللواء الأول", "اللواء الثاني", ORGANISATION),
    ("46th Regiment", "47th Regiment", ORGANISATION),
    ("Ministry of Defence", "Russian Ministry of Defence", ORGANISATION),
    ("State Department", "Department of Defense", ORGANISATION),
    ("Government of Iraq", "Government of Iran", ORGANISATION),
    ("Northern Front", "Southern Front", ORGANISATION),
    ("جيش الفتح", "جيش الإسلام", ORGANISATION),
    ("Islamic State", "Islamic Front", ORGANISATION),
    ("Al Jazeera", "Al Jazeera English", ORGANISATION),
    ("Al Arabiya", "Al Jazeera", ORGANISATION),
    ("Sham Network", "Sham FM", ORGANISATION),
    ("flights", "flightwise", ORGANISATION),
    ("Khaled Salim", "Saleem Khalid", PERSON),
    ("Fox News", "Sky News", ORGANISATION),
    ("News Agency", "News Network", ORGANISATION),
    ("Human Rights Watch", "Human Rights Network", ORGANISATION),
    ("SDF", "Sadaf", ORGANISATION),
    ("UN", "Ain", ORGANISATION),
    ("Austria", "Australia", ORGANISATION),
    ("", "", ORGANISATION),
    ("…", "—", PERSON),
]


@pytest.mark.parametrize(("one", "other", "person", "reasons"), ALIKE)
def test_names_of_one_agent(one: str, other: str, person: bool, reasons: str) -> None:
    for found in (alike(one, other, person=person), alike(other, one, person=person)):
        assert found is not None
        assert found.strength >= THRESHOLD
        assert " ".join(found.reasons) == reasons
    assert name_keys(one) & name_keys(other), "they would never meet"


@pytest.mark.parametrize(("one", "other", "person"), DIFFERENT)
def test_names_of_different_agents(one: str, other: str, person: bool) -> None:
    assert alike(one, other, person=person) is None
    assert alike(other, one, person=person) is None


def test_all_that_is_alike_meets_by_a_key() -> None:
    names = [name for row in [*ALIKE, *DIFFERENT] for name in row[:2]]
    found = [
        (one, other)
        for one, other in combinations(dict.fromkeys(names), 2)
        for person in (PERSON, ORGANISATION)
        if alike(one, other, person=person)
    ]
    assert len(found) > len(ALIKE)
    assert [pair for pair in found if not name_keys(pair[0]) & name_keys(pair[1])] == []


def test_the_best_of_several_names_speaks_for_two_agents() -> None:
    found = best(["Sham Network", "شبكة شام"], ["Sham TV", "SHAM News Network"], person=ORGANISATION)
    assert found is not None
    assert found[1:] == ("Sham Network", "SHAM News Network")
    assert best(["Reuters"], ["AFP"], person=ORGANISATION) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("yusuf", "يوسف"),
        ("youssef", "يوسف"),
        ("uday", "عدي"),
        ("ramadhan", "رمضان"),
        ("haytham", "هيثم"),
        ("marwan", "مروان"),
        ("fouad", "فؤاد"),
        ("saud", "سعود"),
    ],
)
def test_transliterations_of_a_word(one: str, other: str) -> None:
    assert sound_alike(one, other)
    assert not sound_alike(f"{one}l", other)


def test_hostile_names_are_read_in_time_and_break_nothing() -> None:
    for text in ("abdul " * 5000, "ال" * 5000, "a." * 5000, "\u202e\u0000\ud800", "١" * 500, "عبد" * 200, "ʻ" * 900):
        alike(text, text[1:], person=PERSON)
        assert len(name_keys(text)) < 50
