"""Amounts in Spanish words, as contracts write them. Legal documents are Spanish, so this is too."""

from decimal import Decimal

# fmt: off
UNITS = [
    "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce", "trece",
    "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno", "veintidós",
    "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho", "veintinueve",
]
# fmt: on
TENS = ["", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"]
HUNDREDS = [
    "", "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos",
    "ochocientos", "novecientos",
]  # fmt: skip


def below_thousand(number: int) -> str:
    if number == 100:
        return "cien"
    hundreds, rest = divmod(number, 100)
    words = [HUNDREDS[hundreds]] if hundreds else []
    if rest >= 30:
        tens, unit = divmod(rest, 10)
        words.append(TENS[tens] + (f" y {UNITS[unit]}" if unit else ""))
    elif rest or not hundreds:
        words.append(UNITS[rest])
    return " ".join(words)


def shortened(words: str) -> str:
    """“uno” before a noun: treinta y un mil, veintiún millones."""
    if words.endswith("veintiuno"):
        return words[:-3] + "ún"
    return words[:-1] if words.endswith("uno") else words


def below_million(number: int) -> str:
    thousands, rest = divmod(number, 1000)
    words = []
    if thousands:
        words.append("mil" if thousands == 1 else f"{shortened(below_thousand(thousands))} mil")
    if rest or not thousands:
        words.append(below_thousand(rest))
    return " ".join(words)


def number_in_words(number: int) -> str:
    """Any whole number below a trillion (10^18), in words."""
    parts = []
    for size, one, many in ((10**12, "un billón", "billones"), (10**6, "un millón", "millones")):
        count, number = divmod(number, size)
        if count:
            parts.append(one if count == 1 else f"{shortened(below_million(count))} {many}")
    if number or not parts:
        parts.append(below_million(number))
    return " ".join(parts)


def pesos_in_words(amount: Decimal) -> str:
    """“cuatro millones ciento veinte mil pesos”, with “de” after round millions and the cents when there are any."""
    whole = int(amount)
    cents = int((amount - whole) * 100)
    of = "de " if whole and whole % 10**6 == 0 else ""
    text = f"{shortened(number_in_words(whole))} {of}{'peso' if whole == 1 else 'pesos'}"
    return text + (f" con {shortened(number_in_words(cents))} centavos" if cents else "")
