"""Files made here, good and bad, for the tests of inspection. None can harm: the attacks are only their shape."""

import io
import struct
import zipfile
import zlib

CONTENT_TYPES = ("[Content_Types].xml", "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>")
DOCUMENT = ("word/document.xml", "<w:document xmlns:w='urn:w'/>")
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def packed(*files: tuple[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as folder:
        for name, content in files:
            folder.writestr(name, content)
    return buffer.getvalue()


def odf(kind: str, *files: tuple[str, bytes | str]) -> bytes:
    mimetype = ("mimetype", f"application/vnd.oasis.opendocument.{kind}")
    return packed(mimetype, ("content.xml", "<office/>"), *files)


def png(width: int = 4, height: int = 4) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\0" * 4) * 4)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width: int = 4, height: int = 4) -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\0"
    return (
        b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
        b"\xff\xc0"
        + struct.pack(">H", len(frame) + 2)
        + frame
        + b"\xff\xda\0\x08\x01\x01\0\0?\0"
        + b"\0" * 9
        + b"\xff\xd9"
    )


def overlapping() -> bytes:
    """Many entries of the directory that name the same packed bytes."""
    packer = zlib.compressobj(9, 8, -15)
    raw = b"\0" * (1 << 20)
    body = packer.compress(raw) + packer.flush()
    check, out, directory = zlib.crc32(raw), io.BytesIO(), b""
    out.write(struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 33, check, len(body), len(raw), 2, 0) + b"a0" + body)
    start = out.tell()
    for number in range(2000):
        name = b"a%d" % number
        sizes = (check, len(body), len(raw), len(name))
        directory += struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 8, 0, 33, *sizes, 0, 0, 0, 0, 0, 0) + name
    out.write(directory + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 2000, 2000, len(directory), start, 0))
    return out.getvalue()


def nested(levels: int) -> bytes:
    inner = packed(("nota.txt", "hola"))
    for _level in range(levels):
        inner = packed(("dentro.zip", inner))
    return inner


def linked() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as folder:
        entry = zipfile.ZipInfo("enlace.txt")
        entry.external_attr = 0o120777 << 16
        folder.writestr(entry, "../../secreto")
    return buffer.getvalue()


def encrypted() -> bytes:
    data = bytearray(packed(("a.txt", "secreto")))
    data[6] |= 1  # local header
    data[data.index(b"PK\1\2") + 8] |= 1  # directory
    return bytes(data)


def relations(kind: str) -> tuple[str, str]:
    return (
        "word/_rels/settings.xml.rels",
        f"<Relationships><Relationship TargetMode='External' Target='http://x.example/t.dotm' Type='urn/{kind}'/>"
        "</Relationships>",
    )


def pdf_with_object_stream(objects: bytes) -> bytes:
    body = zlib.compress(objects)
    stream = b"5 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(body)
    return PDF.replace(b"trailer", stream + body + b"\nendstream endobj\ntrailer")


def pdf_with(catalog: bytes) -> bytes:
    return PDF.replace(b"/Catalog", b"/Catalog" + catalog)


GOOD = {
    "oferta.pdf": PDF,
    "PLAN.PDF": pdf_with_object_stream(b"1 0 <</Type/Page>>"),
    "plan.docx": packed(CONTENT_TYPES, DOCUMENT),
    "enlace.docx": packed(CONTENT_TYPES, DOCUMENT, relations("hyperlink")),
    "precios.xlsx": packed(
        CONTENT_TYPES, ("xl/workbook.xml", "<w/>"), ("xl/worksheets/sheet1.xml", "<f>SUM(A1:A9)</f>")
    ),
    "lámina.pptx": packed(CONTENT_TYPES, ("ppt/presentation.xml", "<p/>")),
    "carta.odt": odf("text"),
    "tabla.ods": odf("spreadsheet"),
    "láminas.odp": odf("presentation"),
    "foto.png": png(),
    "foto.jpg": jpeg(),
    "foto.jpeg": jpeg(),
    "anexos.zip": packed(("a.pdf", PDF), ("carpeta/b.docx", packed(CONTENT_TYPES, DOCUMENT)), ("c.txt", "hola")),
    "mac.zip": packed(("a.pdf", PDF), ("__MACOSX/._a.pdf", b"\0\5\x16\7"), (".DS_Store", b"\0\0\0\1Bud1")),
    "plano.dwg": b"AC1032" + b"\0" * 120,
    "nota.txt": "Señal: año, niñez".encode(),
    "vieja.txt": "Señal".encode("cp1252"),
    "datos.csv": "nombre;valor\nPeña;-5\n".encode(),
    "factura.xml": b"<?xml version='1.0' encoding='UTF-8'?><Invoice><ID>1</ID></Invoice>",
    "simple.xml": b"<Invoice/>",
}

ATTACKS = {
    # name: (bytes, the code of the objection that must be among those raised)
    "bomba.zip": (packed(("ceros.txt", b"0" * (40 << 20))), "expands_too_much"),
    "solapada.zip": (overlapping(), "overlapping_files"),
    "anidada.zip": (nested(3), "nested_too_deep"),
    "muchos.zip": (packed(*((f"{n}.txt", "") for n in range(10_001))), "too_many_files"),
    "fuga.zip": (packed(("../../etc/cron.d/x.txt", "x")), "escapes_folder"),
    "raíz.zip": (packed(("/etc/x.txt", "x")), "escapes_folder"),
    "windows.zip": (packed(("C:\\x.txt", "x")), "escapes_folder"),
    "enlace.zip": (linked(), "symbolic_link"),
    "clave.zip": (encrypted(), "has_password"),
    "programa.zip": (packed(("doc/factura.pdf.exe", b"MZ\x90\0")), "wrong_type"),
    "disfrazado.zip": (packed(("doc/factura.pdf", b"MZ\x90\0")), "wrong_type"),
    "siete.zip": (packed(("a.7z", b"7z\xbc\xaf\x27\x1c")), "wrong_type"),
    "macro-dentro.zip": (packed(("a.docx", packed(CONTENT_TYPES, DOCUMENT, ("word/vbaProject.bin", "x")))), "macros"),
    "prefijo.zip": (b"PK\3\4" + b"A" * 50 + packed(("a.txt", "b")), "two_files_in_one"),
    "roto.zip": (packed(("a.txt", "b"))[:-30], "damaged_zip"),
    "doble.zip": (b"GIF89a" + packed(("a.txt", "b")), "wrong_type"),
    "macro.docx": (packed(CONTENT_TYPES, DOCUMENT, ("word/vbaProject.bin", "x")), "macros"),
    "macro4.xlsx": (
        packed(CONTENT_TYPES, ("xl/workbook.xml", "<w/>"), ("xl/macrosheets/sheet1.xml", "<m/>")),
        "macros",
    ),
    "macro.odt": (odf("text", ("Basic/Standard/Module1.xml", "<m/>")), "macros"),
    "plantilla.docx": (packed(CONTENT_TYPES, DOCUMENT, relations("attachedTemplate")), "external_template"),
    "objeto.docx": (packed(CONTENT_TYPES, DOCUMENT, relations("oleObject")), "external_template"),
    "empaquetado.docx": (
        packed(CONTENT_TYPES, DOCUMENT, ("word/embeddings/oleObject1.bin", "Ole10Native".encode("utf-16-le"))),
        "packaged_object",
    ),
    "dde.xlsx": (
        packed(CONTENT_TYPES, ("xl/workbook.xml", "<w/>"), ("xl/worksheets/sheet1.xml", '<f>DDE("cmd";"/C calc")</f>')),
        "dde_command",
    ),
    "dde.docx": (
        packed(
            CONTENT_TYPES, ("word/document.xml", "<w:instrText>DDE</w:instrText><w:instrText>AUTO c:\\x</w:instrText>")
        ),
        "dde_command",
    ),
    "clave.odt": (odf("text", ("META-INF/manifest.xml", "<manifest:encryption-data/>")), "has_password"),
    "clave.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "wrong_type"),
    "js.pdf": (pdf_with(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "pdf_code"),
    "js-escapado.pdf": (pdf_with(b"/OpenAction<</S/J#61vaScript>>"), "pdf_code"),
    "js-comprimido.pdf": (pdf_with_object_stream(b"1 0 <</S/JavaScript/JS(x)>>"), "pdf_code"),
    "lanza.pdf": (pdf_with(b"/OpenAction<</S/Launch /F(cmd.exe)>>"), "pdf_launch"),
    "clave.pdf": (PDF.replace(b"trailer<<", b"trailer<</Encrypt 2 0 R"), "has_password"),
    "doble.pdf": (PDF + packed(("a.txt", "b")), "two_files_in_one"),
    "corto.pdf": (PDF[:40], "truncated"),
    "página.pdf": (b"<html><script>alert(1)</script>", "wrong_type"),
    "programa.pdf": (b"MZ\x90\0", "wrong_type"),
    "dibujo.png": (b"<svg xmlns='x' onload='alert(1)'>", "wrong_type"),
    "inundación.png": (png(60_000, 60_000), "too_many_pixels"),
    "inundación.jpg": (jpeg(60_000, 60_000), "too_many_pixels"),
    "cortada.png": (png()[:-20], "truncated"),
    "doble.jpg": (jpeg() + packed(("a.txt", "b")), "two_files_in_one"),
    "dibujo.xml": (b"<?xml version='1.0'?><svg onload='x'/>", "script"),
    "entidades.xml": (
        b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'bbbb'><!ENTITY c '&b;&b;&b;'>]><a>&c;</a>",
        "xml_entities",
    ),
    "archivo.xml": (b"<?xml version='1.0'?><!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "xml_entities"),
    "estilo.xml": (b"<?xml version='1.0'?><?xml-stylesheet href='x.xsl'?><a/>", "script"),
    "roto.xml": (b"<?xml version='1.0'?><a>", "damaged_xml"),
    "guion.txt": (b"#!/bin/sh\nrm -rf /", "wrong_type"),
    "guion.csv": (b"@echo off\r\ndel *.*", "script"),
    "página.txt": (b"hola\n<script>alert(1)</script>", "script"),
    "orden.csv": (b"nombre,valor\nx,=cmd|'/C calc'!A0\n", "dde_command"),
    "binario.txt": (b"hola\0mundo", "wrong_type"),
    "vacío.pdf": (b"", "empty_file"),
    "otro.docx": (PDF, "wrong_type"),
    "sin_nombre": (PDF, "wrong_type"),
    "sellado.age": (b"age-encryption.org/v1\n-> X25519 x\n", "wrong_type"),
}
