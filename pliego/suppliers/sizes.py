"""How large a company is for the law: by its income of a year in UVT and its activity. Plain data, with its articles.

Decreto 1074 de 2015, art. 2.2.1.13.2.2 (as written by Decreto 957 de 2019): the income from ordinary activities of the
year; the activity is that from which most of it comes.
"""

from dataclasses import dataclass
from decimal import Decimal

from pliego.suppliers.models import Activity

BASIS = "Decreto 1074 de 2015, art. 2.2.1.13.2.2 (Decreto 957 de 2019)"
MICRO, SMALL, MEDIUM, LARGE = "micro", "small", "medium", "large"

# fmt: off
# The most UVT that a company of each size has; above the last one it is large.
LIMITS: dict[str, tuple[tuple[str, int], ...]] = {
    Activity.MANUFACTURE: ((MICRO, 23_563), (SMALL, 204_995), (MEDIUM, 1_736_565)),
    Activity.SERVICES:    ((MICRO, 32_988), (SMALL, 131_951), (MEDIUM,   483_034)),
    Activity.COMMERCE:    ((MICRO, 44_769), (SMALL, 431_196), (MEDIUM, 2_160_692)),
}
# The value of a UVT in each year, in pesos, as the DIAN fixed it.
UVT: dict[int, tuple[int, str]] = {
    2019: (34_270, "Resolución DIAN 56 de 2018"),
    2020: (35_607, "Resolución DIAN 84 de 2019"),
    2021: (36_308, "Resolución DIAN 111 de 2020"),
    2022: (38_004, "Resolución DIAN 140 de 2021"),
    2023: (42_412, "Resolución DIAN 1264 de 2022"),
    2024: (47_065, "Resolución DIAN 187 de 2023"),
    2025: (49_799, "Resolución DIAN 193 de 2024"),
    2026: (52_374, "Resolución DIAN 238 de 2025"),
}
# fmt: on


@dataclass(frozen=True)
class Size:
    code: str
    uvt: Decimal
    basis: str

    @property
    def is_mipyme(self) -> bool:
        return self.code != LARGE


def size_of(*, activity: str, income: Decimal, year: int) -> Size:
    """The size that the law gives to an income of that year. ValueError for a year whose UVT is not in the table."""
    if year not in UVT:
        raise ValueError(year)
    value, resolution = UVT[year]
    in_uvt = income / Decimal(value)
    code = next((size for size, most in LIMITS[activity] if in_uvt <= most), LARGE)
    return Size(code, in_uvt.quantize(Decimal("0.01")), f"{BASIS}; {resolution}")
