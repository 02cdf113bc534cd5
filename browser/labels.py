"""What stands on the controls of pages, and which of it means the same: general knowledge of seven languages. Pure.

One group a line, a line that begins with "|" goes on with the one before it. First English, then Spanish, German,
French, Italian, Portuguese and Dutch where they differ. A group has one meaning; a word may stand in several.
"""

from __future__ import annotations

from functools import cache, lru_cache

from language.similarity import stem, words_of

_GROUPS = """
search, find, look up, lookup, quick search | buscar, búsqueda | suchen, suche, finden | rechercher, recherche
| cerca, cercare, ricerca | pesquisar, pesquisa, procurar | zoeken, zoek
home, home page, start page, main page, front page | inicio, página principal | startseite | accueil
| pagina iniziale | início, página inicial | startpagina
about, about us, who we are | acerca de, sobre nosotros | über uns, über | à propos | chi siamo | sobre nós, sobre
| over ons
contact, contact us, get in touch, write to us | contacto, contáctenos | kontakt | contactez nous, nous contacter
| contatti, contattaci | contato, fale conosco | neem contact op
services, our services, what we do | servicios | dienste, leistungen, dienstleistungen | prestations | servizi
| serviços | diensten
pricing, prices, plans, rates, plans and pricing | precios, tarifas | preise, tarife | tarifs, prix | prezzi, tariffe
| preços, planos | prijzen, tarieven
news, latest news, whats new | noticias, novedades | neuigkeiten, nachrichten, aktuelles | actualités
| notizie, novità | notícias, novidades | nieuws
portfolio, our work, references | portafolio, trabajos | referenzen, arbeiten | réalisations | lavori | trabalhos
| referenties
team, our team, staff, meet the team | equipo | mitarbeiter | équipe | squadra | equipe
faq, questions, frequently asked questions | preguntas frecuentes | häufige fragen | questions fréquentes
| domande frequenti | perguntas frequentes | veelgestelde vragen
help, support, get help | ayuda, soporte | hilfe | aide | aiuto, assistenza | ajuda, suporte | hulp
documentation, docs, manual, handbook, user guide | documentación | dokumentation, handbuch | manuel | documentazione
| documentação | documentatie, handleiding
guide, tutorial, how to | guía | anleitung, leitfaden | didacticiel | guida | guia, tutorial | gids
introduction, intro, overview | introducción | einführung, einleitung | présentation | introduzione | introdução
| inleiding
getting started, quick start, quickstart, first steps, get started | primeros pasos | erste schritte | premiers pas
| primi passi | primeiros passos | aan de slag
examples, samples, demos | ejemplos | beispiele | exemples | esempi | exemplos | voorbeelden
reference, api reference | referencia | referenz | référence | riferimento | referência | referentie
install, installation, set up, setup | instalar, instalación | installieren | installer | installare, installazione
| instalação | installeren, installatie
dashboard, overview, control panel, summary | panel, tablero | übersicht | tableau de bord | pannello, cruscotto
| painel | overzicht
settings, preferences, options, configuration, configure | ajustes, configuración, preferencias
| einstellungen, konfiguration | paramètres, réglages, préférences | impostazioni, preferenze
| configurações, definições, preferências | instellingen, voorkeuren
profile, account, my account, your account, my profile, your profile | perfil, cuenta, mi cuenta | profil, konto
| compte, mon compte | profilo, il mio account | conta, minha conta | profiel
log in, login, sign in, signin, log on | iniciar sesión, entrar, acceder | anmelden, anmeldung, einloggen
| se connecter, connexion | accedi, accesso | iniciar sessão | inloggen, aanmelden
log out, logout, sign out, signout, log off | cerrar sesión, salir | abmelden, abmeldung, ausloggen
| se déconnecter, déconnexion | esci, disconnetti | sair, terminar sessão | uitloggen, afmelden
sign up, signup, register, create account, create an account, join | registrarse, crear cuenta
| registrieren, konto erstellen | inscrire, créer un compte, inscription | registrati, iscriviti
| cadastrar, criar conta | registreren
password, pass phrase, passcode | contraseña, clave | passwort, kennwort | mot de passe | parola chiave | senha
| wachtwoord
forgot password, reset password, lost password | olvidé mi contraseña | passwort vergessen | mot de passe oublié
| password dimenticata | esqueci a senha | wachtwoord vergeten
email, e mail, mail, email address, your email | correo, correo electrónico, dirección de correo
| mail adresse, email adresse | courriel, adresse e mail | posta elettronica, indirizzo email
| correio eletrônico, endereço de email | email adres
user name, username, login name, user id | nombre de usuario | benutzername | nom d'utilisateur, identifiant
| nome utente | nome de usuário | gebruikersnaam
name, full name, your name | nombre | vollständiger name | nom complet | nome, nome completo | naam
first name, given name | nombre de pila | vorname | prénom | nome di battesimo | primeiro nome | voornaam
last name, family name, surname | apellido, apellidos | nachname, familienname | nom de famille | cognome | sobrenome
| achternaam
phone, telephone, phone number, mobile | teléfono, móvil | telefon, telefonnummer | téléphone | telefono | telefone
| telefoon
address, street, postal address | dirección | adresse, anschrift | indirizzo | endereço, morada | adres
city, town | ciudad | stadt, ort | ville | città | cidade | stad, plaats
country | país | land | pays | paese | país
company, organisation, organization, firm, business | empresa, compañía | firma, unternehmen | entreprise, société
| azienda | bedrijf
save, save changes, store | guardar | speichern, sichern | enregistrer, sauvegarder | salva, salvare | salvar, gravar
| opslaan, bewaren
cancel, discard, never mind | cancelar | abbrechen | annuler | annulla | annuleren
delete, remove, erase | eliminar, borrar, suprimir, quitar | löschen, entfernen | supprimer, effacer
| elimina, rimuovi, cancella | excluir, apagar, remover | verwijderen
edit, change, modify, update | editar, modificar, cambiar | bearbeiten, ändern | modifier, éditer | modifica
| alterar | bewerken, wijzigen
add, insert, add new | añadir, agregar | hinzufügen | ajouter | aggiungi | adicionar | toevoegen
new, create, create new, compose | nuevo, crear | neu, erstellen, anlegen | nouveau, créer | nuovo, crea | novo, criar
| nieuw, aanmaken
close, dismiss | cerrar | schließen | fermer | chiudi | fechar | sluiten
open | abrir | öffnen | ouvrir | apri | openen
next, continue, forward, proceed | siguiente, continuar | weiter, nächste | suivant, continuer | avanti, successivo
| próximo, seguinte | volgende, verder
previous, back, go back, return | anterior, atrás, volver | zurück, vorherige | précédent, retour
| precedente, indietro | voltar | vorige, terug
send, submit, post | enviar | senden, absenden, abschicken | envoyer, soumettre | invia | submeter
| verzenden, versturen
confirm, approve, accept, agree, ok | confirmar, aceptar | bestätigen, akzeptieren, zustimmen | confirmer, accepter
| conferma, accetta | aceitar | bevestigen, accepteren
reject, decline, refuse, deny | rechazar | ablehnen | refuser | rifiuta | recusar | weigeren
download, export, get file | descargar, exportar | herunterladen, exportieren | télécharger, exporter
| scarica, esporta | baixar, exportar | downloaden, exporteren
upload, import, attach, attach file, choose file, browse | subir, importar, adjuntar
| hochladen, importieren, anhängen | téléverser, importer, joindre | carica, importa, allega | carregar, anexar
| uploaden, importeren
print | imprimir | drucken | imprimer | stampa | afdrukken
share | compartir | teilen | partager | condividi | compartilhar, partilhar | delen
copy, duplicate, clone | copiar, duplicar | kopieren, duplizieren | copier | copia | kopiëren
paste | pegar | einfügen | coller | incolla | colar | plakken
cut | cortar | ausschneiden | couper | taglia | recortar | knippen
undo | deshacer | rückgängig | défaire, annuler | annulla | desfazer | ongedaan maken
redo | rehacer | wiederholen | rétablir, refaire | ripeti | refazer | opnieuw
preview | vista previa | vorschau | aperçu, prévisualiser | anteprima | pré visualizar, visualização | voorbeeld
refresh, reload, update | actualizar, recargar | aktualisieren, neu laden | actualiser, recharger | aggiorna
| atualizar, recarregar | vernieuwen
retry, try again, again | reintentar | erneut versuchen | réessayer | riprova | tentar novamente | opnieuw proberen
filter, narrow down, refine | filtrar, filtro | filtern | filtrer, filtre | filtra | filteren
sort, sort by, order by | ordenar | sortieren | trier | ordina | classificar | sorteren
view, show, display, see | ver, mostrar | anzeigen, ansehen, zeigen | afficher, voir | visualizza, mostra
| exibir, visualizar | tonen, bekijken
hide, collapse | ocultar | ausblenden, verbergen | masquer, cacher | nascondi | esconder | verbergen
more, show more, see more, load more | más, ver más | mehr, mehr anzeigen | plus, voir plus | altro, mostra altro
| mais, ver mais | meer
read more, learn more, find out more, details, more info | leer más, detalles | weiterlesen, mehr erfahren
| en savoir plus, lire la suite, détails | leggi tutto, dettagli, scopri di più | leia mais, saiba mais, detalhes
| lees meer
select, choose, pick | seleccionar, elegir | auswählen, wählen | sélectionner, choisir | seleziona, scegli
| selecionar, escolher | selecteren, kiezen
all, everything, any | todos, todo | alle, alles | tous, tout | tutti, tutto | tudo
start, begin, run, launch, play, execute | comenzar, empezar, ejecutar | starten, beginnen, ausführen
| démarrer, lancer, exécuter | avvia, esegui | iniciar, executar | uitvoeren
stop, end, halt | parar, detener | anhalten, stoppen, beenden | arrêter | ferma | parar
date, day | fecha | datum | jour | data, giorno | dia | dag
time, hour | hora | uhrzeit, zeit | heure | ora | tijd
today | hoy | heute | aujourd'hui | oggi | hoje | vandaag
month | mes | monat | mois | mese | mês | maand
week | semana | woche | semaine | settimana
language, locale | idioma, lengua | sprache | langue | lingua | língua | taal
message, messages | mensaje, mensajes | nachricht, nachrichten | messages | messaggio, messaggi | mensagem, mensagens
| bericht, berichten
comment, comments, note, notes, remark, remarks | comentario, comentarios, nota | kommentar, kommentare, bemerkung
| commentaire, commentaires, remarque | commento, commenti | comentário, comentários | opmerking, reactie
reply, answer, respond | responder | antworten | répondre | rispondi | beantwoorden, antwoorden
subject, title, topic, heading | asunto, título | betreff, titel | objet, sujet, titre | oggetto, titolo | assunto
| onderwerp
description, summary | descripción | beschreibung | descrizione | descrição | beschrijving
category, categories, type, kind, genre | categoría, categorías, tipo | kategorie, kategorien, art | catégorie
| categoria, categorie | soort
tag, tags, label, labels, keywords | etiqueta, etiquetas | schlagwort, schlagwörter | étiquette, mots clés | etichetta
| marcador | trefwoorden
price, cost, amount | precio | preis, betrag | montant | prezzo, importo | preço, valor | prijs, bedrag
quantity, qty, amount, number, how many, count | cantidad | menge, anzahl | quantité | quantità | quantidade | aantal
total, sum, grand total | suma | summe, gesamt, gesamtbetrag | somme | totale, somma | soma | totaal
cart, basket, bag, shopping cart, trolley | carrito, cesta | warenkorb, einkaufswagen | panier | carrello
| carrinho, cesto | winkelwagen, winkelmandje
checkout, check out, pay, pay now, to payment | pagar | zur kasse, kasse, bezahlen, zahlen | payer, commander
| cassa, paga | finalizar compra | afrekenen, betalen
order, buy, purchase, place order, buy now, order now | comprar, pedir | bestellen, kaufen | acheter, commander
| acquista, ordina, compra | encomendar | kopen
orders, my orders, your orders, order history, purchases | pedidos | bestellungen | commandes | ordini | encomendas
| bestelling, bestellingen
shipping, delivery | envío, entrega | versand, lieferung | livraison, expédition | spedizione, consegna | envio
| verzending, levering
payment, billing | pago | zahlung | paiement, facturation | pagamento | betaling
invoice, invoices, bill, bills | factura, facturas | rechnung, rechnungen | facture, factures | fattura, fatture
| fatura, faturas | factuur
customer, customers, client, clients | cliente, clientes | kunde, kunden | clienti | klant, klanten
user, users, member, members, people | usuario, usuarios | benutzer, nutzer, mitglieder | utilisateur, utilisateurs
| utente, utenti | usuário, usuários | gebruiker, gebruikers
group, groups, team, teams | grupo, grupos | gruppe, gruppen | groupe, groupes | gruppo, gruppi | groep, groepen
role, roles, permission, permissions, access, rights | rol, permisos | rolle, rechte, berechtigungen
| rôle, autorisations, droits | ruolo, permessi | função, permissões | rechten
product, products, item, items, goods, article, articles | producto, productos | produkt, produkte, artikel
| produit, produits | prodotto, prodotti | produto, produtos
project, projects | proyecto, proyectos | projekt, projekte | projet, projets | progetto, progetti
| projeto, projetos
task, tasks, to do, todo, to dos, todos | tarea, tareas | aufgabe, aufgaben | tâche, tâches | attività, compiti
| tarefa, tarefas | taken, taak
ticket, tickets, issue, issues, case, cases | incidencia, incidencias | problem, vorgang | incident | segnalazione
calendar, schedule, agenda | calendario | kalender, terminplan | calendrier | calendário
event, events, appointment, appointments | evento, eventos, cita | veranstaltung, veranstaltungen, termin, termine
| événement, événements, rendez vous | eventi, appuntamento | compromisso | evenement, afspraak
file, files, document, documents | archivo, archivos | datei, dateien | fichier, fichiers | documenti
| arquivo, arquivos, ficheiro | bestand, bestanden
folder, folders, directory | carpeta, carpetas | ordner, verzeichnis | dossier, dossiers, répertoire | cartella
| pasta | map, mappen
image, images, picture, pictures, photo, photos, gallery | imagen, imágenes, foto, galería | bild, bilder, fotos
| galerie | photographie | immagine, immagini, galleria | imagem, imagens, galeria | afbeelding, afbeeldingen
table, tables | tabla, tablas | tabelle, tabellen | tableau, tableaux | tabella, tabelle | tabela, tabelas | tabel
chart, charts, graph, graphs, statistics, analytics, reports | gráfico, gráficos, estadísticas, informes
| diagramm, diagramme, statistik, berichte | graphique, graphiques, statistiques, rapports | grafico, grafici
| statistiche | estatísticas, relatórios | grafieken, rapporten
form, forms | formulario, formularios | formular, formulare | formulaire, formulaires | modulo, moduli | formulário
| formulier
list, lists | lista, listado | liste, listen | lijst
map, maps | mapa, mapas | karte, karten, stadtplan | carte, cartes, plan | mappa, mappe | kaart
notification, notifications, alert, alerts | notificación, notificaciones, avisos | benachrichtigung
| benachrichtigungen | alertes | notifica, notifiche, avvisi | notificação, notificações | meldingen
menu, navigation, toggle navigation, toggle menu, open menu | menú, navegación | menü | navigazione | navegação
| navigatie
sidebar, side panel, toggle sidebar | barra lateral | seitenleiste | barre latérale | barra laterale | zijbalk
history, activity, log, recent activity | historial, actividad | verlauf, aktivität, protokoll
| historique, activité, journal | cronologia, storico | histórico, atividade | geschiedenis, activiteit
version, versions, release, releases | versión, versiones | ausgabe | versione, versioni | versão, versões | versies
source, source code, view source, show source, page source | fuente, código fuente | quelltext, quellcode
| code source | codice sorgente | código fonte | broncode
index, table of contents, contents | índice, contenido | inhalt, inhaltsverzeichnis | sommaire, table des matières
| indice, sommario | conteúdo | inhoud
license, licence, terms of licence | licencia | lizenz | licenza | licença | licentie
privacy, privacy policy | privacidad | datenschutz, datenschutzerklärung | confidentialité | riservatezza
| privacidade | privacybeleid
terms, terms of use, terms of service, conditions, terms and conditions | términos, condiciones
| nutzungsbedingungen, agb | conditions d'utilisation | termini, condizioni | termos | voorwaarden
bold, strong | negrita | fett | gras | grassetto | negrito | vet
italic, emphasis | cursiva | kursiv | italique | corsivo | itálico | cursief
underline | subrayado | unterstrichen | souligné | sottolineato | sublinhado | onderstrepen
strikethrough, strike, strike through | tachado | durchgestrichen | barré | barrato | tachado | doorhalen
link, insert link, add link, hyperlink | enlace | verknüpfung | lien | collegamento | ligação | koppeling
heading, headings, headline | encabezado | überschrift | titre | intestazione | cabeçalho | kop
bullet list, bulleted list, unordered list, generic list, bullets | lista con viñetas | aufzählung | liste à puces
| elenco puntato | lista com marcadores | opsomming
numbered list, ordered list, numbering | lista numerada | nummerierte liste, nummerierung | liste numérotée
| elenco numerato | genummerde lijst
quote, blockquote, block quote, citation | cita | zitat | citation | citazione | citação | citaat
color, colour | color | farbe | couleur | colore | cor | kleur
font, typeface | fuente, tipo de letra | schrift, schriftart | police | carattere | fonte | lettertype
tools, utilities | herramientas | werkzeuge | outils | strumenti | ferramentas | hulpmiddelen
full screen, fullscreen, toggle fullscreen, maximize | pantalla completa | vollbild | plein écran | schermo intero
| tela cheia | volledig scherm
zoom in, enlarge, larger | acercar | vergrößern | agrandir, zoomer | ingrandisci | ampliar | inzoomen
zoom out, shrink, smaller | alejar | verkleinern | réduire, dézoomer | rimpicciolisci | reduzir | uitzoomen
experience, work experience | experiencia | erfahrung, berufserfahrung | expérience | esperienza | experiência
| ervaring, werkervaring
education, studies | educación, formación | ausbildung, bildung | formation, études | istruzione, formazione
| educação, formação | opleiding
skills, abilities | habilidades, competencias | fähigkeiten, kenntnisse | compétences | competenze
| competências | vaardigheden
interests, hobbies | intereses | interessen | centres d'intérêt | interessi | interesses | interesses
awards, prizes, honors | premios | auszeichnungen, preise | récompenses | premi | prêmios | prijzen
inbox, incoming | bandeja de entrada | posteingang | boîte de réception | posta in arrivo | caixa de entrada
archive, archives | archivar | archiv, archivieren | archiver | archivio, archivia | arquivar | archief
subscribe, newsletter, follow | suscribirse, seguir | abonnieren, folgen | abonner, suivre | iscriviti, segui
| inscrever | abonneren
book, reserve, booking, reservation | reservar, reserva | buchen, reservieren, buchung | réserver, réservation
| prenota, prenotazione | boeken, reserveren
shop, store, catalogue, catalog | tienda, catálogo | laden, geschäft, katalog | boutique, magasin | negozio, catalogo
| loja | winkel
features, functions | características, funciones | funktionen, merkmale | fonctionnalités | funzionalità
| recursos, funcionalidades | functies
community, forum | comunidad, foro | gemeinschaft | communauté | comunità | comunidade
"""


@cache
def _members() -> dict[tuple[str, ...], frozenset[int]]:
    table: dict[tuple[str, ...], frozenset[int]] = {}
    lines = _GROUPS.strip().replace("\n|", " |").splitlines()
    for number, line in enumerate(lines):
        for label in line.replace("|", ",").split(","):
            key = _key(label)
            table[key] = table.get(key, frozenset()) | {number}
    return table


def _key(label: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words_of(label))


@lru_cache(maxsize=50_000)
def mean_the_same(one: str, other: str) -> bool:
    """Whether two labels, whole as they are, stand in one group."""
    groups = _members()
    mine = groups.get(_key(one))
    return mine is not None and not mine.isdisjoint(groups.get(_key(other), ()))
