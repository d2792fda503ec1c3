"""Small official files, invented here: no row of them exists in the world."""

import csv
from pathlib import Path
from typing import Any

from pliego.publication.imports import loading
from pliego.publication.models import ImportRun

PROCESS = {
    "entidad": "ALCALDÍA DE VILLA ALEGRE",
    "nit_entidad": "890111222",
    "departamento_entidad": "Boyacá",
    "ciudad_entidad": "Tunja",
    "id_del_proceso": "CO1.REQ.1001",
    "referencia_del_proceso": "MC-001-2026 (Presentación de oferta)",
    "id_del_portafolio": "CO1.BDOS.5001",
    "nombre_del_procedimiento": "Compra de pupitres para los niños (Presentación de oferta)",
    "descripci_n_del_procedimiento": "Pupitres de madera para la escuela",
    "fase": "Presentación de oferta",
    "fecha_de_publicacion_del": "2026-02-10T00:00:00.000",
    "fecha_de_ultima_publicaci": "2026-02-11T00:00:00.000",
    "precio_base": "45000000",
    "modalidad_de_contratacion": "Mínima cuantía",
    "fecha_de_recepcion_de": "2026-03-20T00:00:00.000",
    "estado_del_procedimiento": "Publicado",
    "adjudicado": "No",
    "valor_total_adjudicacion": "0",
    "nombre_del_proveedor": "No Definido",
    "nit_del_proveedor_adjudicado": "No Definido",
    "codigo_principal_de_categoria": "V1.56121500",
    "estado_de_apertura_del_proceso": "Abierto",
    "tipo_de_contrato": "Compraventa",
    "urlproceso": "https://community.secop.gov.co/Public/Tendering/OpportunityDetail/Index?noticeUID=CO1.NTC.7001",
}
CONTRACT = {
    "nombre_entidad": "Alcaldía de Villa Alegre",
    "nit_entidad": "890111222",
    "proceso_de_compra": "CO1.BDOS.5001",
    "id_contrato": "CO1.PCCNTR.9001",
    "estado_contrato": "En ejecución",
    "tipo_de_contrato": "Compraventa",
    "modalidad_de_contratacion": "Mínima cuantía",
    "fecha_de_firma": "2026-04-02T00:00:00.000",
    "documento_proveedor": "900333444",
    "tipodocproveedor": "Nit",
    "proveedor_adjudicado": "Maderas del Valle SAS",
    "valor_del_contrato": "44000000",
    "objeto_del_contrato": "Suministro de pupitres",
}


def process(number: int = 1, **changes: str) -> dict[str, str]:
    """A row of a process of its own."""
    own = {
        "id_del_proceso": f"CO1.REQ.{1000 + number}",
        "id_del_portafolio": f"CO1.BDOS.{5000 + number}",
        "urlproceso": PROCESS["urlproceso"].replace("7001", str(7000 + number)),
    }
    return {**PROCESS, **own, **changes}


def file(folder: Path, rows: list[dict[str, str]], name: str = "procesos.csv") -> Path:
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def loaded(path: Path, companions: list[Path] | None = None, **options: Any) -> ImportRun:
    return loading.load(path, companions=companions or [], progress=lambda run: None, **options)


def counts(run: ImportRun) -> tuple[int, int, int, int, int]:
    """read, new, merged, unchanged, refused"""
    return run.rows_read, run.rows_new, run.rows_merged, run.rows_unchanged, run.rows_refused
