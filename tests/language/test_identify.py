"""The language of a text: English, Chinese, both, or another."""

from __future__ import annotations

import pytest

from taiyi_corpus.language import identify as module
from taiyi_corpus.language.identify import identify

ENGLISH = "The patient has had a cough for three days, with fever of up to 39 degrees that the tablets did not stop."
CHINESE = "患者三天前开始咳嗽，伴有发热，自己服药以后没有明显好转，所以今天来医院看病。"
TERMS = "IL-2 gene expression, NF-kappa B activation, CD28 costimulation, protein kinase C, calcineurin, T cells, p65"
FOREIGN = {
    "Czech": "Pacient má tři dny horečku a kašel a po tabletách od lékaře se jeho stav nijak nezlepšil.",
    "Danish": "Patienten har haft feber og hoste i tre dage og får det ikke bedre af tabletterne fra lægen.",
    "Dutch": "De patiënt heeft sinds drie dagen koorts en hoest en wordt niet beter van de tabletten van de arts.",
    "Finnish": "Potilaalla on ollut kuumetta ja yskää kolme päivää eikä lääkärin määräämä lääke ole auttanut häntä.",
    "French": "Le patient a de la fièvre et une toux depuis trois jours, et il ne va pas mieux avec les comprimés.",
    "German": "Der Patient hat seit drei Tagen Husten und Fieber, und es ist nicht besser geworden, trotz der Salbe.",
    "Hungarian": "A betegnek három napja láza van és köhög, és az orvostól kapott tablettáktól sem lett jobban.",
    "Indonesian": "Pasien mengalami demam dan batuk selama tiga hari dan tidak membaik setelah minum obat dari dokter.",
    "Italian": "Il paziente ha la febbre e la tosse da tre giorni e non migliora con le compresse del medico.",
    "Japanese": "患者は三日前から咳と発熱があり、医師からもらった薬を飲んでも良くなりません。",
    "Korean": "환자는 사흘 전부터 기침과 발열이 있으며 의사가 처방한 약을 먹어도 나아지지 않습니다.",
    "Polish": "Pacjent od trzech dni ma gorączkę i kaszel, a tabletki przepisane przez lekarza nie przynoszą poprawy.",
    "Portuguese": "O paciente tem febre e tosse há três dias e não melhora com os comprimidos que o médico receitou.",
    "Romanian": "Pacientul are febră și tuse de trei zile și nu se simte mai bine după pastilele date de medic.",
    "Russian": "Пациент кашляет третий день, температура тридцать девять, таблетки от врача не помогают.",
    "Spanish": "El paciente tiene fiebre y tos desde hace tres días y no mejora con las pastillas del médico.",
    "Swedish": "Patienten har haft feber och hosta i tre dagar och blir inte bättre av tabletterna från läkaren.",
    "Turkish": "Hastanın üç gündür ateşi ve öksürüğü var, doktorun verdiği haplar da hiçbir iyileşme sağlamadı.",
    "Vietnamese": "Bệnh nhân bị sốt và ho đã ba ngày nay và không đỡ hơn sau khi uống thuốc của bác sĩ.",
}


@pytest.mark.parametrize("language", FOREIGN)
def test_another_language_is_another(language: str) -> None:
    assert identify(FOREIGN[language]) == "other"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (ENGLISH.upper(), "en"),
        (TERMS, "en"),  # no common word in it, and no other language either
        ("Lupus erythematosus", "en"),  # too few words to tell Latin from English
        (CHINESE, "zh"),
        ("口服阿司匹林 aspirin 100 mg 每日一次", "zh"),
        (f"{CHINESE} {ENGLISH}", "mixed"),
        ("12.5 (3-4) %", "unknown"),
        ("\x80\ufffe bad \udc80 characters and " + FOREIGN["French"], "other"),
    ],
)
def test_english_chinese_and_both(text: str, language: str) -> None:
    assert identify(text) == language


def test_plain_english_is_told_without_asking_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(module, "_foreign")
    assert identify(ENGLISH) == "en"
