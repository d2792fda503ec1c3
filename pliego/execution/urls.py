from django.urls import URLPattern, URLResolver, path

from pliego.execution import chain_views, delivery_views, views

app_name = "execution"
CONTRACT = "escritorio/contratos/<str:code>/"
INVOICE = CONTRACT + "facturas/<str:invoice_code>/"
DELIVERIES = CONTRACT + "entregas/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("escritorio/pagos/", views.payments, name="payments"),
    path(CONTRACT, views.contract, name="contract"),
    path(CONTRACT + "plan-de-pagos/", views.plan, name="plan"),
    path(CONTRACT + "facturas/nueva/", views.send_invoice, name="send_invoice"),
    path(INVOICE, views.invoice, name="invoice"),
    path(INVOICE + "aprobar/", views.approve_invoice, name="approve_invoice"),
    path(INVOICE + "devolver/", views.return_invoice, name="return_invoice"),
    path(INVOICE + "pagar/", views.mark_paid, name="mark_paid"),
    path(INVOICE + "deshacer/", views.undo_step, name="undo_step"),
    path(INVOICE + "corregir/", views.correct_invoice, name="correct_invoice"),
    path("escritorio/cuenta/cadena-de-pagos/", chain_views.chain, name="chain"),
    path("escritorio/cuenta/cadena-de-pagos/cambiar/", chain_views.set_chain, name="set_chain"),
    path("escritorio/cuenta/cadena-de-pagos/terminar/", chain_views.end_chain, name="end_chain"),
    path("pagos/", chain_views.days_to_pay, name="days_to_pay"),
    path("pagos/<str:code>/", chain_views.followed, name="followed"),
    path(DELIVERIES, delivery_views.deliveries, name="deliveries"),
    path(DELIVERIES + "plan/", delivery_views.execution_plan, name="execution_plan"),
    path(DELIVERIES + "recibir/", delivery_views.receive, name="receive_unplanned"),
    path(DELIVERIES + "<int:number>/recibir/", delivery_views.receive, name="receive"),
    path(DELIVERIES + "<int:number>/documentos/", delivery_views.load_paper, name="load_paper"),
    path(CONTRACT + "liquidacion/", views.draft_settlement, name="draft_settlement"),
    path(CONTRACT + "liquidacion/firmar/", views.sign_settlement, name="sign_settlement"),
    path(CONTRACT + "liquidacion/aceptar/", views.accept_settlement, name="accept_settlement"),
    path(CONTRACT + "liquidacion/objetar/", views.object_settlement, name="object_settlement"),
    path(CONTRACT + "cerrar/", views.close_file, name="close_file"),
]
