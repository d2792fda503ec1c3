# ruff: noqa: E501 - a table
"""Every page of the product and who of the demo's cast sees it; `prepared.py` makes what the demo lacks for them.

A new route without a line in PAGES, WALKED or NOT_PAGES fails test_pages.py.
"""

import re
from dataclasses import dataclass

NOBODY = ""  # a visitor without an account


@dataclass(frozen=True)
class Shown:
    route: str
    person: str
    path: str
    status: int = 200

    @property
    def name(self) -> str:
        return re.sub(r"[^\w.-]+", "-", self.path).strip("-") or "inicio"


def shown(person: str, *lines: str) -> list[Shown]:
    """One line a page: the route as urls.py has it, and after a bar the path with {places} when it needs any."""
    found = []
    for line in lines:
        route, _bar, path = (part.strip() for part in line.partition("|"))
        found.append(Shown(route, person, "/" + (path or route)))
    return found


def modifications(contract: str, number: int, *parts: str) -> list[str]:
    at = "escritorio/contratos/<str:code>/modificaciones/<int:number>/{part} | escritorio/contratos/{{{contract}}}/modificaciones/{number}/{part}"
    return [at.format(contract=contract, number=number, part=part) for part in parts]


def breaching(*parts: str) -> list[str]:
    """Pages of the breach in its hearing; a word after the route is its last part."""
    lines = []
    for part in parts:
        route, _space, word = part.partition(" ")
        path = re.sub(r"<int:\w+>", "1", route).replace("<slug:path>", word)
        lines.append(
            f"escritorio/contratos/<str:code>/incumplimientos/{route} | escritorio/contratos/{{modified}}/incumplimientos/{path}"
        )
    return lines


def reissues(case: str, *parts: str) -> list[str]:
    return [f"mesa/reposiciones/<str:code>/{part} | mesa/reposiciones/{{{case}}}/{part}" for part in parts]


def watched(*parts: str, at: str = "procesos") -> list[str]:
    """Pages of the process with a committee and a visit in session; a word after the route is its last part."""
    lines = []
    for part in parts:
        route, _space, word = part.partition(" ")
        path = re.sub(r"<int:\w+>", "1", route).replace("<slug:path>", word)
        lines.append(f"{at}/<str:code>/{route} | {at}/{{watched}}/{path}")
    return lines


# fmt: off
PAGES = [
    *shown(
        NOBODY, "", "procesos/", "procesos/ | procesos/?q=muebles", "procesos/ | procesos/?q=zanahorias+azules",
        "procesos/<str:identifier>/ | procesos/{open}/", "procesos/<str:identifier>/ | procesos/{done}/",
        "procesos/<str:code>/oferentes/ | procesos/{done}/oferentes/",
        "procesos/<str:code>/apertura/ | procesos/{open}/apertura/", "procesos/<str:code>/apertura/ | procesos/{done}/apertura/",
        "procesos/<str:code>/apertura/<str:bid>/ | procesos/{done}/apertura/{done_bid}/",
        "procesos/<str:code>/limitacion/solicitudes/ | procesos/{done}/limitacion/solicitudes/",
        "procesos/<str:code>/informe/ | procesos/{done}/informe/", "contratos/<str:code>/ | contratos/{contract}/",
        "pagos/", "pagos/<str:code>/ | pagos/{invoice}/",
        "paa/<str:code>/<int:year>/ | paa/{buyer}/{year}/",
        "paa/<str:code>/<int:year>/<int:version>/ | paa/{buyer}/{year}/1/", "paa/", "paa/ | paa/?q=nadie+azul",
        "paa/<str:code>/<int:year>/ | paa/{buyer}/{year}/?q=nada+azul",
        "paa/<str:code>/<int:year>/<int:version>/cambios/<int:before>/ | paa/{buyer}/{next_year}/2/cambios/1/",
        "paa/<str:code>/<int:year>/ejecucion/ | paa/{buyer}/{year}/ejecucion/",
        "paa/<str:code>/<int:year>/desviaciones/ | paa/{buyer}/{year}/desviaciones/",
        "entidades/<str:number>/ | entidades/{buyer_nit}/", "proveedores/<str:number>/ | proveedores/{supplier_nit}/",
        "directorio/", "directorio/ | directorio/?q=nadie+azul", "directorio/<str:code>/ | directorio/{buyer}/",
        "procesos/<str:code>/cuestionario/ | procesos/{open}/cuestionario/",
        "procesos/<str:code>/cuestionario/<int:number>/ | procesos/{open}/cuestionario/{open_prices}/",
        "procesos/<str:code>/oferentes/<str:bid>/ | procesos/{done}/oferentes/{done_bid}/",
        "procesos/<str:code>/oferentes/<str:bid>/precios/<int:number>/"
        " | procesos/{done}/oferentes/{done_bid}/precios/{done_prices}/",
        "oportunidades/", "recibos/<slug:code>/ | recibos/{receipt}/",
        "documentos/<str:code>/ficha/ | documentos/{document}/ficha/", "verificar/", "bitacora/",
        "ayuda/", "ayuda/api/", "ayuda/<slug:slug>/ | ayuda/comprador/", "ayuda/<slug:slug>/ | ayuda/proveedor/",
        "accesibilidad/", "privacidad/", "mapa-del-sitio/", "componentes/", "demo/", "demo/correo/",
        "demo/correo/<slug:name>/ | demo/correo/{mail}/", "registro/", "ingresar/", "recuperar/", "reposicion/",
        "terminos/", "terminos/<slug:version>/ | terminos/2026-11/",
        "procesos/<str:code>/mensajes/ | procesos/{open}/mensajes/", "procesos/<str:code>/seguir/ | procesos/{open}/seguir/",
        "procesos/<str:code>/mensajes/<int:number>/ | procesos/{open}/mensajes/1/",
        "seguimientos/<str:secret>/baja/ | seguimientos/nada/baja/",
        "seguimientos/<str:secret>/baja-diaria/ | seguimientos/nada/baja-diaria/",
        "procesos/<str:identifier>/ | procesos/{interest_open}/", "procesos/<str:identifier>/ | procesos/{information}/",
        "contratos/<str:code>/ | contratos/{modified}/", "contratos/<str:code>/versiones/ | contratos/{modified}/versiones/",
        "reposicion/caso/<str:token>/ | reposicion/caso/{case_link}/",
        "reposicion/factor/<str:token>/ | reposicion/factor/{factor_link}/",
        "procesos/<str:code>/evaluadores/ | procesos/{watched}/evaluadores/", "evaluadores/<str:token>/ | evaluadores/{seat_link}/",
        "procesos/<str:code>/audiencias/ | procesos/{watched}/audiencias/", "sanciones/",
        "garantes/<str:token>/ | garantes/{guarantor_link}/",
        "procesos/<str:code>/audiencias/<int:number>/ | procesos/{watched}/audiencias/1/",
    ),
    *shown(
        "Fabio", "escritorio/", "cuenta/", "cuenta/cerrar/", "cuenta/datos/", "cuenta/correo/", "cuenta/clave/", "cuenta/confirmar/", "cuenta/registros/", "avisos/",
        "cuenta/sesiones/terminar/", "acceso/", "acceso/ | acceso/?q=valle", "acceso/ | acceso/?q=zanahoria",
        "acceso/<str:code>/ | acceso/{buyer}/", "entidades/registrar/", "entidades/registrar/ | entidades/registrar/?nit=999900005-1",
        "entidades/registrar/ | entidades/registrar/?nit={free_nit}", "proveedores/registrar/",
    ),
    *shown(
        "Ana", *watched("evaluadores/declarar/", "evaluadores/impedimentos/<int:number>/responder/", at="escritorio/procesos"),
        *watched("evaluadores/", "audiencias/<int:number>/", "audiencias/<int:number>/<slug:path>/ acta",
            "audiencias/<int:number>/intervenciones/<int:intervention>/", "audiencias/<int:number>/asistentes/<int:attendance>/retiro/"),
        "escritorio/procesos/<str:code>/audiencias/convocar/<slug:occasion>/ | escritorio/procesos/{called}/audiencias/convocar/visit/",
        "escritorio/", "escritorio/procesos/", "escritorio/procesos/nuevo/", "escritorio/paa/",
        "escritorio/procesos/modalidad/",
        "escritorio/procesos/modalidad/ | escritorio/procesos/modalidad/?value=900000000&budget=20000000000&questions=uniform",
        "escritorio/paa/nuevo/", "escritorio/paa/<int:year>/ | escritorio/paa/{year}/",
        "escritorio/paa/<int:year>/datos/ | escritorio/paa/{year}/datos/",
        "escritorio/paa/<int:year>/lineas/nueva/ | escritorio/paa/{year}/lineas/nueva/",
        "escritorio/paa/<int:year>/lineas/<int:number>/ | escritorio/paa/{year}/lineas/1/",
        "escritorio/paa/<int:year>/lineas/<int:number>/retirar/ | escritorio/paa/{year}/lineas/3/retirar/",
        *(
            f"escritorio/paa/<int:year>/{part}/ | escritorio/paa/{{year}}/{part}/"
            for part in ("necesidades/nueva", "archivo", "pegar")
        ),
        "escritorio/paa/<int:year>/cargas/<str:code>/ | escritorio/paa/{next_year}/cargas/{load}/",
        "escritorio/procesos/<str:code>/paa/ | escritorio/procesos/{draft}/paa/",
        *(
            f"escritorio/procesos/<str:code>/{part} | escritorio/procesos/{{draft}}/{part}"
            for part in ("", "datos/", "cronograma/", "miembros/", "documentos/", "cuestionario/", "enviar/", "descartar/",
                "acuerdos/", "presupuesto/", "variantes/", "visita/", "mipyme/", "copiar/", "pagos/", "garantias/", "riesgos/",
                "criterios-de-precio/")
        ),
        "escritorio/procesos/<str:code>/lotes/ | escritorio/procesos/{special}/lotes/",
        "escritorio/procesos/<str:code>/publicidad/ | escritorio/procesos/{special}/publicidad/",
        "escritorio/procesos/<str:code>/criterios/ | escritorio/procesos/{special}/criterios/",
        "escritorio/procesos/<str:code>/cuestionario/<int:number>/ | escritorio/procesos/{draft}/cuestionario/1/",
        "escritorio/procesos/<str:code>/cuestionario/<int:number>/precios/"
        " | escritorio/procesos/{draft}/cuestionario/2/precios/",
        *(
            f"escritorio/procesos/<str:code>/cuestionario/<int:number>/{part}/"
            f" | escritorio/procesos/{{draft}}/cuestionario/2/{part}/"
            for part in ("retirar", "subir", "bajar", "duplicar", "precios/archivo")
        ),
        "escritorio/procesos/<str:code>/documentos/<str:document>/retirar/"
        " | escritorio/procesos/{draft}/documentos/{draft_document}/retirar/",
        "escritorio/procesos/<str:code>/invitados/ | escritorio/procesos/{direct}/invitados/",
        "escritorio/procesos/<str:code>/invitados/directorio/ | escritorio/procesos/{direct}/invitados/directorio/?unspsc=",
        "escritorio/procesos/<str:code>/invitados/estado/ | escritorio/procesos/{direct}/invitados/estado/",
        "escritorio/invitar/<str:supplier>/ | escritorio/invitar/{supplier}/",
        "escritorio/procesos/<str:code>/invitados/<str:supplier>/retirar/"
        " | escritorio/procesos/{direct}/invitados/{supplier}/retirar/",
        "escritorio/procesos/<str:code>/ | escritorio/procesos/{open}/",
        "escritorio/procesos/<str:code>/ | escritorio/procesos/{done}/",
        "escritorio/procesos/<str:code>/observaciones/ | escritorio/procesos/{open}/observaciones/",
        "escritorio/procesos/<str:code>/observaciones/nueva/ | escritorio/procesos/{open}/observaciones/nueva/",
        "escritorio/procesos/<str:code>/observaciones/responder/ | escritorio/procesos/{open}/observaciones/responder/",
        "escritorio/procesos/<str:code>/observaciones/<int:number>/ | escritorio/procesos/{open}/observaciones/1/",
        "procesos/<str:code>/mensajes/ | procesos/{open}/mensajes/", "escritorio/mensajes/", "escritorio/siguiendo/",
        "escritorio/procesos/<str:code>/mensajes/nuevo/ | escritorio/procesos/{open}/mensajes/nuevo/",
        "procesos/<str:code>/mensajes/<int:number>/ | procesos/{open}/mensajes/1/",
        "procesos/<str:code>/casos/<int:number>/ | procesos/{open}/casos/1/",
        "escritorio/procesos/<str:code>/adenda/ | escritorio/procesos/{open}/adenda/",
        "escritorio/procesos/<str:code>/adenda/escribir/ | escritorio/procesos/{open}/adenda/escribir/",
        "escritorio/procesos/<str:code>/corregir/ | escritorio/procesos/{open}/corregir/",
        "escritorio/procesos/<str:code>/interesados/ | escritorio/procesos/{open}/interesados/",
        "escritorio/procesos/<str:code>/sorteo/ | escritorio/procesos/{open}/sorteo/",
        "escritorio/procesos/<str:code>/apertura/ | escritorio/procesos/{done}/apertura/",
        "escritorio/procesos/<str:code>/apertura/ensayo/ | escritorio/procesos/{open}/apertura/ensayo/",
        "escritorio/procesos/<str:code>/apertura/llave-perdida/ | escritorio/procesos/{open}/apertura/llave-perdida/",
        "escritorio/procesos/<str:code>/apertura/reemplazar-llave/ | escritorio/procesos/{open}/apertura/reemplazar-llave/",
        "escritorio/procesos/<str:code>/reservas/ | escritorio/procesos/{done}/reservas/",
        "escritorio/procesos/<str:code>/evaluacion/ | escritorio/procesos/{done}/evaluacion/",
        "escritorio/llaves/", "escritorio/contratos/", "escritorio/pagos/", "avisos/", "escritorio/cuenta/siif/",
        "avisos/<slug:code>/ | avisos/{notice}/",
        *(
            f"escritorio/procesos/<str:code>/{part}/ | escritorio/procesos/{{interest_open}}/{part}/"
            for part in ("interesados", "adenda", "adenda/escribir", "cronograma")
        ),
        "escritorio/procesos/<str:code>/ | escritorio/procesos/{interest_open}/",
        "escritorio/contratos/<str:code>/ | escritorio/contratos/{modified}/",
        "escritorio/contratos/<str:code>/editar/ | escritorio/contratos/{contract}/editar/",
        "escritorio/contratos/<str:code>/secciones/<slug:path>/"
        " | escritorio/contratos/{contract}/secciones/informacion-presupuestal/",
        "escritorio/contratos/<str:code>/modificaciones/nueva/ | escritorio/contratos/{modified}/modificaciones/nueva/",
        *modifications("modified", 1, ""), *modifications("modified", 2, "", "editar/", "enviar/", "descartar/"),
        *modifications("offered", 2, "", "devolver/"),
    ),
    *shown(
        "Beto", *watched("evaluadores/nombrar/", "evaluadores/<int:number>/relevar/", at="escritorio/procesos"),
        *watched("evaluadores/impedimentos/<int:number>/", at="escritorio/procesos"), "escritorio/", "escritorio/procesos/", "escritorio/procesos/<str:code>/ | escritorio/procesos/{sent}/",
        "escritorio/procesos/<str:code>/publicar/ | escritorio/procesos/{sent}/publicar/",
        "escritorio/procesos/<str:code>/devolver/ | escritorio/procesos/{sent}/devolver/",
        "escritorio/procesos/<str:code>/cancelar/ | escritorio/procesos/{open}/cancelar/",
        "escritorio/procesos/<str:code>/suspender/ | escritorio/procesos/{open}/suspender/",
        "escritorio/procesos/<str:code>/revocar/ | escritorio/procesos/{open}/revocar/",
        "escritorio/procesos/<str:code>/reanudar/ | escritorio/procesos/{halted}/reanudar/",
        "escritorio/procesos/<str:code>/ | escritorio/procesos/{halted}/",
        *(
            f"escritorio/cuenta/{part}"
            for part in ("", "perfiles/", "perfiles/nuevo/", "grupos/", "grupos/nuevo/", "unidades/", "unidades/nueva/",
                         "flujos/", "segregacion/", "delegaciones/", "delegaciones/nueva/", "permisos/", "avisos/",
                         "biblioteca/", "biblioteca/nuevo/", "equipos/")
        ),
        *(f"escritorio/cuenta/equipos/{part}/<slug:scope>/ | escritorio/cuenta/equipos/{part}/process/" for part in ("definir", "nuevo")),
        *(
            f"escritorio/cuenta/equipos/<str:code>/{part} | escritorio/cuenta/equipos/{{team}}/{part}"
            for part in ("", "editar/", "miembros/nuevo/")
        ),
        *(
            f"escritorio/cuenta/equipos/<str:code>/{name} | escritorio/cuenta/equipos/{{team}}/{path}"
            for name, path in (("miembros/<str:who>/", "miembros/p:{ana}/"),
                               ("miembros/<str:who>/retirar/", "miembros/p:{ana}/retirar/"),
                               ("flujos/<slug:flow>/", "flujos/publication/"),
                               ("flujos/<slug:flow>/terminar/", "flujos/publication/terminar/"))
        ),
        "escritorio/plantillas/", "escritorio/plantillas/importar/",
        "escritorio/procesos/<str:code>/plantilla/ | escritorio/procesos/{open}/plantilla/",
        "escritorio/paa/<int:year>/equipo/ | escritorio/paa/{year}/equipo/",
        "escritorio/procesos/<str:code>/equipo/ | escritorio/procesos/{draft}/equipo/",
        "escritorio/cuenta/unidades/<str:reference>/ | escritorio/cuenta/unidades/PRINCIPAL/",
        "escritorio/cuenta/flujos/<str:kind>/ | escritorio/cuenta/flujos/publication/",
        "escritorio/cuenta/flujos/<str:kind>/terminar/ | escritorio/cuenta/flujos/publication/terminar/",
        *(f"escritorio/cuenta/cadena-de-pagos/{part}" for part in ("", "cambiar/", "terminar/")),
        "escritorio/aprobaciones/<str:kind>/<str:subject>/ | escritorio/aprobaciones/publication/{sent}/",
        "escritorio/equipo/",
        "escritorio/equipo/<str:person>/ | escritorio/equipo/{ana}/",
        "escritorio/equipo/<str:person>/terminar/ | escritorio/equipo/{ana}/terminar/",
        "escritorio/contratos/", "escritorio/contratos/<str:code>/ | escritorio/contratos/{contract}/",
        "cuenta/registros/", "cuenta/registros/<str:code>/ | cuenta/registros/{buyer}/",
        *(f"cuenta/registros/<str:code>/{part}/ | cuenta/registros/{{buyer}}/{part}/" for part in ("datos", "vender", "tipo")),
        "cuenta/registros/<str:code>/documentos/<slug:kind>/ | cuenta/registros/{buyer}/documentos/tax_register/",
        "escritorio/equipo/invitar/", "cargas-masivas/<slug:slug>/ | cargas-masivas/personas/",
        "escritorio/procesos/<str:code>/ | escritorio/procesos/{information}/",
        "escritorio/procesos/<str:code>/concluir/ | escritorio/procesos/{information}/concluir/",
        *modifications("modified", 2, "", "publicar/"), *breaching("<int:number>/", "<int:number>/<slug:path>/ decidir"),
    ),
    *shown(
        "Gloria", *breaching(""), "escritorio/", "escritorio/vencimientos/",
        "escritorio/contratos/<str:code>/liquidacion/cierre/ | escritorio/contratos/{contract}/liquidacion/cierre/",
        "escritorio/contratos/<str:code>/ | escritorio/contratos/{contract}/",
        "cuenta/", "cuenta/reposiciones/<str:code>/detener/ | cuenta/reposiciones/{case_asked}/detener/",
    ),
    *shown(
        "Hugo", "escritorio/", "escritorio/pagos/",
        "escritorio/contratos/<str:code>/facturas/<str:invoice_code>/"
        " | escritorio/contratos/{contract}/facturas/{invoice}/",
    ),
    *shown("Elena", "escritorio/", "escritorio/procesos/", "escritorio/procesos/<str:code>/ | escritorio/procesos/{done}/"),
    *shown(
        "Carla", "procesos/<str:code>/evaluadores/<int:number>/recusar/ | procesos/{watched}/evaluadores/2/recusar/",
        *watched("audiencias/<int:number>/", "audiencias/<int:number>/<slug:path>/ intervenir"), "escritorio/", "oportunidades/", "ofertas/", "ofertas/<str:code>/ | ofertas/{open}/",
        "ofertas/<str:code>/preparar/ | ofertas/{open}/preparar/", "ofertas/<str:code>/archivo/ | ofertas/{open}/archivo/",
        "procesos/<str:code>/mensajes/nuevo/ | procesos/{open}/mensajes/nuevo/", "escritorio/mensajes/",
        "procesos/<str:code>/casos/<int:number>/ | procesos/{open}/casos/1/", "escritorio/siguiendo/",
        "procesos/<str:code>/seguir/ | procesos/{open}/seguir/",
        "ofertas/<str:code>/ | ofertas/{done}/", "procesos/<str:code>/preguntar/ | procesos/{open}/preguntar/",
        "escritorio/contratos/", "escritorio/contratos/<str:code>/ | escritorio/contratos/{contract}/",
        "escritorio/contratos/<str:code>/facturas/<str:invoice_code>/"
        " | escritorio/contratos/{contract}/facturas/{invoice}/",
        "escritorio/pagos/", "avisos/", "escritorio/equipo/", "directorio/<str:code>/ | directorio/{supplier}/",
        "escritorio/intereses/", "escritorio/intereses/nuevo/", "consorcios/", "consorcios/nuevo/", "escritorio/perfil/",
        *(f"escritorio/perfil/{part}/" for part in ("datos", "experiencia", "capacidad", "rup", "banco")),
        *(f"escritorio/intereses/<str:code>/{part} | escritorio/intereses/{{interest}}/{part}" for part in ("", "pausar/", "borrar/")),
        "escritorio/intereses/<str:code>/reanudar/ | escritorio/intereses/{interest}/reanudar/",
        "procesos/<str:code>/interes/ | procesos/{interest_open}/interes/",
        *modifications("offered", 2, "", "aceptar/", "rechazar/"),
    ),
    *shown("Inés", "escritorio/", "mesa/", "mesa/accesos/", "mesa/accesos/ | mesa/accesos/?todos=1", "mesa/reposiciones/", "mesa/cuentas/<str:code>/ | mesa/cuentas/{buyer}/",
           "mesa/suspensiones/", "mesa/suspensiones/nueva/", "mesa/uniones/", "mesa/uniones/nueva/",
           "mesa/personas/<str:code>/ | mesa/personas/{ana}/",
           *reissues("case_asked", "", "probar/", "rechazar/"), *reissues("case_proved", "", "confirmar/"),
           *reissues("case_confirmed", "")),
    *shown("Omar", "escritorio/", "escritorio/llaves/"),
]
REFUSED = [
    Shown("", NOBODY, "/nada/", 404),
    Shown("", NOBODY, "/procesos/PLG.EXP.9/", 404),
    Shown("", "Carla", "/escritorio/procesos/", 403),
    Shown("", "Fabio", "/mesa/", 403),
    Shown("", "Ana", "/escritorio/procesos/modalidad/?value=&budget=1", 422),
]
ENGLISH = [
    Shown("", NOBODY, "/en" + path)
    for path in ("/", "/procesos/", "/procesos/{open}/", "/procesos/{done}/", "/contratos/{contract}/",
                 "/recibos/{receipt}/", "/verificar/", "/ayuda/", "/registro/", "/ingresar/")
]
# Pages that exist only in the middle of a story: test_journey.py and each room's own tests pass through them.
WALKED = """
cuenta/prueba-de-identidad/ | cuenta/identidad/ |
cuenta/identidad/vincular/ | cuenta/identidad/desvincular/ |
cuenta/suspensiones/<str:code>/ | cuenta/suspensiones/<str:code>/recurso/ | cuenta/firmar-con-otra/<str:code>/ |
mesa/suspensiones/<str:code>/ | mesa/suspensiones/<str:code>/aprobar/ | mesa/suspensiones/<str:code>/rechazar/ |
mesa/suspensiones/<str:code>/levantar/ | mesa/suspensiones/<str:code>/recursos/<int:number>/ |
mesa/uniones/<str:code>/ | mesa/uniones/<str:code>/aprobar/ | mesa/uniones/<str:code>/rechazar/ |
escritorio/cuenta/perfiles/<str:code>/ | escritorio/cuenta/perfiles/<str:code>/eliminar/ |
escritorio/cuenta/grupos/<str:code>/ | escritorio/cuenta/delegaciones/<str:code>/revocar/ |
escritorio/cuenta/biblioteca/<str:code>/retirar/ | escritorio/aprobaciones/<str:kind>/<str:subject>/pedir/ |
escritorio/aprobaciones/<str:kind>/<str:subject>/aprobar/ | escritorio/aprobaciones/<str:kind>/<str:subject>/devolver/ |
escritorio/aprobaciones/<str:kind>/<str:subject>/cancelar/ |
entidades/registro/<str:code>/ | entidades/registro/<str:code>/<slug:slug>/ | entidades/registro/<str:code>/descartar/ |
acceso/invitacion/<str:token>/ | escritorio/equipo/invitaciones/<str:code>/retirar/ |
escritorio/equipo/<str:person>/confirmar/ | mesa/cambios/<str:code>/ | mesa/administradores/<str:code>/<str:person>/ |
mesa/cuentas/<str:code>/soltar/ | escritorio/perfil/experiencia/<int:number>/retirar/ |
consorcios/<str:code>/ | consorcios/<str:code>/miembros/ | consorcios/<str:code>/invitar/ |
consorcios/<str:code>/responder/ | consorcios/<str:code>/descartar/ | consorcios/<str:code>/disolver/ |
cargas-masivas/archivos/<str:code>/ | escritorio/plantillas/<str:code>/ | escritorio/plantillas/<str:code>/editar/ |
escritorio/plantillas/<str:code>/retirar/ | escritorio/plantillas/<str:code>/restaurar/ |
registro/codigo/ | registro/codigos/ | registro/segundo-factor/ | registro/segundo-factor/llave/ | ingresar/codigo/ |
recuperar/<str:token>/ | no-fui-yo/<str:token>/ | dispositivo/<str:token>/ | cuenta/terminos/ | cuenta/correo/codigo/ |
cuenta/historial/<uuid:code>/no-fui-yo/ | cuenta/navegadores/<str:code>/olvidar/ | mesa/accesos/<str:code>/ |
 cuenta/factores/<int:factor_id>/quitar/ | entidades/corregir/<str:code>/ |
mesa/cuentas/<str:code>/activar/ | mesa/cuentas/<str:code>/devolver/ | mesa/cuentas/<str:code>/tomar/ |
escritorio/paa/<int:year>/publicar/ | escritorio/equipo/<str:person>/rechazar/ | escritorio/equipo/<str:person>/revertir/ |
procesos/<str:code>/limitacion/ | escritorio/procesos/<str:code>/adenda/descartar/ | escritorio/procesos/<str:code>/adenda/documento/ |
escritorio/procesos/<str:code>/apertura/abrir/ | escritorio/procesos/<str:code>/apertura/cerrar/ |
escritorio/procesos/<str:code>/apertura/acta/<slug:moment>/ |
escritorio/procesos/<str:code>/reservas/<int:number>/ |
escritorio/procesos/<str:code>/apertura/abrir/<slug:moment>/ | escritorio/procesos/<str:code>/evaluacion/llamar/ |
escritorio/procesos/<str:code>/precalificacion/ | escritorio/procesos/<str:code>/precalificacion/<int:number>/ |
escritorio/procesos/<str:code>/precalificacion/informe/ | escritorio/procesos/<str:code>/precalificacion/lista/ |
procesos/<str:code>/precalificacion/ | procesos/<str:code>/precalificados/ |
escritorio/procesos/<str:code>/precalificacion/sorteo/ | escritorio/procesos/<str:code>/lista/ |
escritorio/procesos/<str:code>/subasta/terminos/ | procesos/<str:code>/subasta/ | procesos/<str:code>/subasta/<int:lot>/ |
procesos/<str:code>/subasta/<int:lot>/lance/ | procesos/<str:code>/subasta/<int:lot>/<str:path>/ |
procesos/<str:code>/subasta/pruebas/ | procesos/<str:code>/subasta/pruebas/abrir/ |
procesos/<str:code>/subasta/<int:lot>/prueba/<int:training>/ |
procesos/<str:code>/subasta/<int:lot>/prueba/<int:training>/lance/ |
procesos/<str:code>/subasta/<int:lot>/prueba/<int:training>/<str:path>/ |
escritorio/procesos/<str:code>/adjudicar/ | escritorio/procesos/<str:code>/desierto/ |
escritorio/procesos/<str:code>/adjudicar/lotes/ | escritorio/procesos/<str:code>/adjudicar/lotes/decidir/ |
escritorio/procesos/<str:code>/desierto/<int:lot>/ |
escritorio/procesos/<str:code>/contratar/ | escritorio/procesos/<str:code>/evaluacion/ofertas/<str:bid>/ |
escritorio/procesos/<str:code>/evaluacion/ofertas/<str:bid>/puntajes/ |
escritorio/procesos/<str:code>/evaluacion/ofertas/<str:bid>/consenso/ |
escritorio/procesos/<str:code>/evaluacion/ofertas/<str:bid>/requerir/ |
escritorio/procesos/<str:code>/evaluacion/requerimientos/<int:number>/ | procesos/<str:code>/requerimientos/ |
procesos/<str:code>/requerimientos/<int:number>/ |
escritorio/procesos/<str:code>/evaluacion/tasa/ | escritorio/procesos/<str:code>/evaluacion/acuerdo/ | escritorio/procesos/<str:code>/evaluacion/precios/ |
escritorio/procesos/<str:code>/evaluacion/desempate/ | escritorio/procesos/<str:code>/evaluacion/informe/ |
escritorio/procesos/<str:code>/evaluacion/observaciones/<int:number>/ |
escritorio/procesos/<str:code>/evaluacion/reabrir/ | procesos/<str:code>/informe/observar/ |
ofertas/<str:code>/retirar/ | ofertas/<str:code>/confirmar/ | escritorio/contratos/<str:code>/aceptar/ | escritorio/contratos/<str:code>/cerrar/ |
escritorio/contratos/<str:code>/enviar/ | escritorio/contratos/<str:code>/anexos/nuevo/ |
escritorio/procesos/<str:code>/contratos/cargar/ | escritorio/procesos/<str:code>/contratos/cargas/<str:load>/ |
escritorio/contratos/<str:code>/anexos/<int:number>/quitar/ | escritorio/contratos/<str:code>/documentos/nuevo/ |
escritorio/contratos/<str:code>/facturas/<str:invoice_code>/aprobar/ |
escritorio/contratos/<str:code>/facturas/<str:invoice_code>/devolver/ |
escritorio/contratos/<str:code>/facturas/<str:invoice_code>/pagar/ |
escritorio/contratos/<str:code>/facturas/<str:invoice_code>/deshacer/ |
escritorio/contratos/<str:code>/facturas/<str:invoice_code>/corregir/ |
escritorio/contratos/<str:code>/facturas/nueva/ | escritorio/contratos/<str:code>/firmar/ |
escritorio/contratos/<str:code>/acta-de-inicio/ | escritorio/contratos/<str:code>/acta-de-inicio/firmar/ |
escritorio/contratos/<str:code>/acta-de-inicio/aceptar/ | escritorio/contratos/<str:code>/acta-de-inicio/objetar/ |
escritorio/contratos/<str:code>/garantias/<int:number>/aseguradora/ | garantias/<str:token>/ |
escritorio/contratos/<str:code>/garantias/<int:number>/aprobar/ |
escritorio/contratos/<str:code>/garantias/<int:number>/rechazar/ |
escritorio/contratos/<str:code>/garantias/nueva/ | escritorio/contratos/<str:code>/iniciar/ |
escritorio/contratos/<str:code>/liquidacion/ | escritorio/contratos/<str:code>/liquidacion/aceptar/ |
escritorio/contratos/<str:code>/liquidacion/firmar/ | escritorio/contratos/<str:code>/liquidacion/objetar/ |
escritorio/contratos/<str:code>/modificaciones/<int:number>/asumir/ | escritorio/contratos/<str:code>/modificar/ |
escritorio/contratos/<str:code>/plan-de-pagos/ |
escritorio/contratos/<str:code>/liquidacion/unilateral/ | escritorio/contratos/<str:code>/liquidacion/unilateral/firmar/ |
escritorio/contratos/<str:code>/liquidacion/unilateral/recurrir/ |
escritorio/contratos/<str:code>/liquidacion/unilateral/resolver/ |
escritorio/contratos/<str:code>/liquidacion/unilateral/en-firme/ | escritorio/contratos/<str:code>/liquidacion/judicial/ |
escritorio/contratos/<str:code>/incumplimientos/informar/ | escritorio/contratos/<str:code>/incumplimientos/requerir/ |
escritorio/contratos/<str:code>/incumplimientos/requerimientos/<int:number>/ |
escritorio/contratos/<str:code>/entregas/ | escritorio/contratos/<str:code>/entregas/plan/ |
escritorio/contratos/<str:code>/entregas/recibir/ | escritorio/contratos/<str:code>/entregas/<int:number>/recibir/ |
escritorio/contratos/<str:code>/entregas/<int:number>/documentos/ |
escritorio/cuenta/siif/cargar/ | escritorio/cuenta/siif/cargas/<str:code>/ |
escritorio/contratos/<str:code>/rechazar/ | escritorio/contratos/<str:code>/terminar/ | seguimientos/<str:secret>/
"""
# Routes that answer files, data, or only a POST.
NOT_PAGES = r"""
mesa/reposiciones/<str:code>/pruebas/<str:document>/ | mesa/personas/<str:code>/pruebas/<str:document>/ |
ingresar/identidad/ | ingresar/identidad/volver/ | cuenta/identidad/ir/ |
cuenta/suspensiones/<str:code>/pruebas/<str:document>/ |
escritorio/cuenta/delegaciones/usar/ | escritorio/cuenta/delegaciones/dejar/ |
escritorio/cuenta/siif/documentos.csv | escritorio/contratos/<str:code>/siif/ |
cuenta/historial.<str:form> |
procesos/<str:code>/audiencias/<int:number>.<str:form> | garantes/<str:token>/<str:document>/ |
procesos/<str:code>/subasta/<int:lot>/estado/ | procesos/<str:code>/subasta/<int:lot>/lances.csv |
procesos/<str:code>/subasta/<int:lot>/prueba/<int:training>/estado/ |
procesos/<str:code>/subasta/<int:lot>/prueba/<int:training>/lances.csv |
procesos/<str:code>/mensajes.<str:form> | procesos/<str:code>/dejar-de-seguir/ | procesos/<str:code>/actos.atom |
-/listo | -/metricas | -/salud | hora | salir/ | actuar-por/ | avisos/leidos/ | borradores/<path:key>/ | cargas/ |
cargas/<str:code> | documentos/tipos.json | documentos/<str:code>/ | demo/entrar/<str:token>/ | bitacora/checkpoint |
bitacora/llave | bitacora/entradas/ | bitacora/tile/<int:level>/<int:n> | bitacora/tile/<int:level>/<int:n>.p/<int:width> |
ocds/api/v1/records | ocds/api/v1/records/<str:ocid> | ocds/api/v1/releases | ocds/api/v1/releases/<str:release_id> |
recibos/<slug:code>.json | recibos/<slug:code>.pdf | verificar/descargar | ingresar/llave/ | ingresar/codigo/llave/ |
entidades/registro/<str:code>/correo/ | entidades/registro/<str:code>/autorizacion.pdf | cuenta/registros/<str:code>/correo/ |
intereses/<str:code>/procesos.atom | contratos/<str:code>/expediente.zip | escritorio/contratos/<str:code>/expediente.zip |
procesos/<str:code>/observaciones.<str:form> | procesos/<str:code>/cronograma.ics | procesos/<str:code>/expediente.zip |
procesos/<str:code>/informe/<int:number>/tabla.csv | procesos/<str:code>/informe/<int:number>/recalcular.zip | ofertas/<str:code>/borrador |
ofertas/<str:code>/proceso.json | ofertas/partes/faltan | ^ofertas/partes/(?P<sha256>[0-9a-f]{64})$ |
procesos/<str:code>/apertura/<str:bid>/<slug:recipient>/<str:name> | escritorio/llaves/reto | escritorio/procesos/<str:code>/apertura/cerraduras.json |
escritorio/procesos/<str:code>/cuestionario/<int:number>/precios.<str:form> | procesos/<str:code>/riesgos.<str:form> |
escritorio/procesos/<str:code>/cuestionario/<int:number>/precios/errores.csv |
procesos/<str:code>/cuestionario/<int:number>/precios.<str:form> | procesos/<str:code>/oferentes.<str:form> |
escritorio/contratos/<str:code>/texto.pdf | escritorio/procesos/<str:code>/contratos/plantilla.<str:form> |
escritorio/procesos/<str:code>/contratos/cargas/<str:load>/avance/ |
escritorio/procesos/<str:code>/contratos/cargas/<str:load>/errores.<str:form> |
escritorio/paa/<int:year>/plantilla.<str:form> | escritorio/paa/<int:year>/lineas/<int:number>/tomar/ |
escritorio/paa/<int:year>/cargas/<str:code>/avance/ | escritorio/paa/<int:year>/cargas/<str:code>/filas.<str:form> |
escritorio/procesos/<str:code>/presencia/<str:part>/ | escritorio/plantillas/<str:code>/v<int:number>.json
"""
# fmt: on


def listed(text: str) -> set[str]:
    return {route.strip() for route in text.split(" |")}
