"""An official file that nobody ever published: as many rows as wanted, the same ones each time."""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

HEADS = (
    "entidad", "nit_entidad", "departamento_entidad", "ciudad_entidad", "ordenentidad", "id_del_proceso",
    "referencia_del_proceso", "id_del_portafolio", "nombre_del_procedimiento", "descripci_n_del_procedimiento", "fase",
    "fecha_de_publicacion_del", "fecha_de_ultima_publicaci", "precio_base", "modalidad_de_contratacion", "duracion",
    "unidad_de_duracion", "fecha_de_recepcion_de", "proveedores_unicos_con", "estado_del_procedimiento", "adjudicado",
    "valor_total_adjudicacion", "nombre_del_proveedor", "nit_del_proveedor_adjudicado",
    "codigo_principal_de_categoria", "estado_de_apertura_del_proceso", "tipo_de_contrato", "urlproceso",
)  # fmt: skip
COMMON = (
    "prestación", "servicios", "profesionales", "apoyo", "gestión", "suministro", "mantenimiento", "adquisición",
)  # fmt: skip
MIDDLE = (
    "vías", "escuela", "hospital", "equipos", "cómputo", "papelería", "vigilancia", "aseo", "transporte", "obra",
    "alimentación", "dotación", "acueducto", "alumbrado", "software", "interventoría", "consultoría", "puente",
    "parque", "seguridad", "medicamentos", "laboratorio", "impresión", "combustible",
)  # fmt: skip
SYLLABLES = (
    "ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "zo", "cra", "dre", "fli", "glo",
)  # fmt: skip
DEPARTMENTS = ("Antioquia", "Boyacá", "Cundinamarca", "Meta", "Nariño", "Tolima", "Valle del Cauca", "Huila")
METHODS = ("Mínima cuantía", "Contratación directa", "Licitación pública", "Selección abreviada subasta inversa")
STATES = ("Publicado", "Evaluación", "Seleccionado", "Cancelado")
FIRST_DAY = date(2019, 1, 2)


def rare_word(random_source: random.Random) -> str:
    return "".join(random_source.choice(SYLLABLES) for _i in range(3))


def title(random_source: random.Random) -> str:
    words = [*random_source.sample(COMMON, 2), *random_source.sample(MIDDLE, 3), rare_word(random_source)]
    return " ".join(words).capitalize()


def row(number: int, random_source: random.Random) -> tuple[str, ...]:
    """One phase of a process; every fourth row is a second phase of the one before."""
    process = number - 1 if number % 4 == 3 else number
    own = random.Random(process)
    entity = own.randrange(2_000)
    published = FIRST_DAY + timedelta(days=own.randrange(2_700))
    name = title(own)
    awarded = own.random() < 0.4
    return (
        f"Alcaldía de {rare_word(random.Random(entity)).capitalize()}", f"8{entity:08}", own.choice(DEPARTMENTS),
        "Centro", "Territorial", f"CO1.REQ.{number}", f"P-{process}-{published.year}", f"CO1.BDOS.{process}", name,
        f"{name}, según el anexo técnico", "Presentación de oferta", f"{published}T00:00:00.000",
        f"{published + timedelta(days=number - process)}T00:00:00.000", str(own.randrange(10**6, 10**9)),
        own.choice(METHODS), str(own.randrange(1, 12)), "Mes(es)", f"{published + timedelta(days=20)}T00:00:00.000",
        str(own.randrange(9)), own.choice(STATES), "Si" if awarded else "No",
        str(own.randrange(10**6, 10**9)) if awarded else "0",
        f"Proveedora {rare_word(own)} SAS" if awarded else "No Definido",
        f"9{own.randrange(10**8):08}" if awarded else "No Definido", f"V1.{own.randrange(10, 95)}101500", "Cerrado",
        "Suministros", f"https://example.invalid/?noticeUID=CO1.NTC.{process}",
    )  # fmt: skip


def write(path: Path, rows: int, first: int = 0) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADS)
        random_source = random.Random(first)
        writer.writerows(row(first + number, random_source) for number in range(rows))
    return path
