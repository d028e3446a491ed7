"""Unmistakable page furniture in other languages: the set phrases of publishing systems and news sites.

By code: de, fr, es, pt, it, nl, pl, ru, ja, zh, ko, tr, id. Only wording that no author uses for a line of
his own; all of it is anchored and linear.
"""

import re
from typing import Final

_PHRASES: Final = {
    "footer": (
        r".{0,80}(?:alle rechte vorbehalten|tous droits réservés|todos los derechos reservados"
        r"|todos os direitos reservados|tutti i diritti riservati|alle rechten voorbehouden"
        r"|wszelkie prawa zastrzeżone|все права защищены|tüm hakları saklıdır"
        r"|hak cipta dilindungi.{0,40})\.?",
        r"(?:diese (?:web)?seite verwendet|wir verwenden|nous utilisons des|utilizamos|usiamo i|wij gebruiken"
        r"|используем|мы используем) cookies?\b.{0,110}",
        r"datenschutz(?:erklärung|hinweise?)?|politique de confidentialité|política de privaci(?:dad|dade)"
        r"|política de privacidade|informativa sulla privacy|privacybeleid|polityka prywatności"
        r"|политика конфиденциальности|プライバシーポリシー|隐私政策|개인정보처리방침|kebijakan privasi"
        r"|gizlilik politikası",
        r"mentions légales|aviso legal|termos de uso|términos de uso|nutzungsbedingungen"
        r"|пользовательское соглашение|利用規約",
    ),
    "comments": (
        r"(?:schreibe? einen kommentar|kommentar (?:verfassen|schreiben|abschicken)|laisser un commentaire"
        r"|deja (?:un comentario|una respuesta)|deixe (?:um comentário|uma resposta|seu comentário)"
        r"|lascia un commento|geef een reactie|dodaj komentarz|(?:добавить|оставить|отправить) комментарий"
        r"|コメントを(?:残す|送信|書く)|コメントする|发表(?:评论|回复)|댓글 ?(?:남기기|달기)"
        r"|bir cevap yazın|tinggalkan balasan)"
        r".{0,40}",
        r"(?:deine e-mail-adresse wird nicht veröffentlicht|votre adresse e?-?mail ne sera pas publiée"
        r"|tu dirección de correo electrónico no será publicada|o seu endereço de e-?mail não será publicado"
        r"|il tuo indirizzo email non sarà pubblicato|je e-mailadres wordt niet gepubliceerd"
        r"|twój adres e-mail nie zostanie opublikowany|ваш (?:адрес )?e-?mail не будет опубликован"
        r"|メールアドレスが公開されることはありません|您的(?:电子)?邮箱(?:地址)?不会被公开"
        r"|e-posta hesabınız yayımlanmayacak|alamat email anda tidak akan dipublikasikan).{0,110}",
        r"antworten abbrechen|annuler la réponse|cancelar (?:la )?(?:respuesta|resposta)|отменить ответ",
    ),
    "related": (
        r"(?:lesen sie auch|auch interessant|das könnte sie auch interessieren|mehr zum thema|à lire aussi"
        r"|lire aussi|lea también|te puede interesar|leia também|leia mais|veja também|leggi anche"
        r"|potrebbe interessarti|lees ook|czytaj (?:też|także)|читайте также"
        r"|похожие (?:записи|статьи|новости)"
        r"|関連(?:記事|リンク)|相关(?:文章|新闻|阅读)|관련 ?(?:기사|글)"
        r"|ilgili haberler|baca juga|artikel terkait)"
        r"\b.{0,140}",
        r"(?:neueste beiträge|ähnliche beiträge|articles (?:récents|similaires|liés)|entradas recientes"
        r"|artículos relacionados|posts? (?:recentes|relacionados)|artigos relacionados|notícias relacionadas"
        r"|mais lidas|más leídas|articoli (?:recenti|correlati)|recente berichten|ostatnie wpisy"
        r"|свежие записи|популярные (?:записи|статьи)|最近の投稿|人気記事|新着記事|最新文章"
        r"|최근 글|son yazılar|pos-pos terbaru)",
    ),
    "share": (
        r"(?:teilen|auf \w+ teilen|partager(?: sur .{1,30})?|compartir(?: en .{1,30})?"
        r"|compartilh(?:e|ar)(?: (?:no|isso|em) .{0,30})?|condividi(?: su .{1,30})?|delen(?: op .{1,30})?"
        r"|udostępnij.{0,30}|поделиться.{0,40}|シェア(?:する)?|ツイート|分享(?:到.{1,20})?|공유(?:하기)?"
        r"|paylaş|bagikan.{0,30})",
    ),
    "subscription": (
        r"(?:newsletter (?:abonnieren|anmelden)|abonnez-vous\b.{0,60}|s'inscrire à la newsletter"
        r"|suscríbe(?:te|ase)\b.{0,60}|assine (?:a|nossa) newsletter.{0,40}|inscreva-se\b.{0,60}"
        r"|iscriviti alla newsletter.{0,40}|schrijf je in voor .{1,40}|подпис(?:аться|ывайтесь)\b.{0,60}"
        r"|メルマガ登録|订阅.{0,20})",
    ),
    "advert": (
        r"(?:anzeige|werbung|publicité|publicidad|publicidade|pubblicità|advertentie|reklama|реклама|広告"
        r"|スポンサー(?:ド)?リンク|广告|광고|reklam|iklan)",
    ),
}
_PATTERNS = {
    reason: re.compile(rf"\W{{0,6}}(?:{'|'.join(phrases)})\W{{0,6}}", re.IGNORECASE)
    for reason, phrases in _PHRASES.items()
}
_OPENS = frozenset({"comments", "related"})
# "Reklama" or "Teilen" may be a heading in a note; a set phrase of several words is not.
_SURE = frozenset({"comments", "footer", "related"})


def abroad_reason(line: str) -> str:
    """Which kind of furniture a stripped line of moderate length is; "" for none."""
    return next((reason for reason, pattern in _PATTERNS.items() if pattern.fullmatch(line)), "")


def abroad_opens(line: str) -> str:
    """The reason under which the short lines after it fall; "" if it opens no section."""
    reason = abroad_reason(line)
    return reason if reason in _OPENS else ""


def abroad_sure(line: str) -> bool:
    """Whether the line is furniture wherever it stands."""
    return abroad_reason(line) in _SURE and (" " in line or not line.isascii())
