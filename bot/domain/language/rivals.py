"""The small words of languages we do not speak, so that none of them is taken for one that we do."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: By language: there to win against those we speak.
RIVALS: Final[Mapping[str, str]] = MappingProxyType({
    "nl": (
        "de het een en of maar niet niets geen is zijn was waren heb hebt heeft hebben had ik jij je u wij "
        "we jullie zij ze hij mijn uw ons onze dit dat deze die met zonder voor van naar bij uit op aan in "
        "over wat wie waar wanneer waarom als ook nog al zeer heel altijd nooit niemand iemand meer wordt "
        "worden werd kan kunnen moet wil bedankt dank hallo bestelling besteld geld klant winkel brood dan "
        "toch er te om door tot zo goed slecht slechtste twee drie weken uur dagen steeds terug gewacht "
        "wachten gekregen mij me hun haar ben bent koud telefoon alle alles tijd iets weer jouw nou wel"
    ),
    "ceb": (
        "ang sa mga og ug kay wala dili nako nimo namo ninyo iya niya ako ikaw siya kami kita kamo sila "
        "unsa unsay asa ngano karon pa gyud jud kaayo man ra lang kanang kini kana akong imong ilang among "
        "maayo dugay usa duha adlaw gabii salamat kuwarta palihug unta gihapon niabot miabot naabot nitubag "
        "motubag tubag nga dinhi didto bisan tanan daghan"
    ),
    "ilo": (
        "ti nga iti dagiti kadagiti awan saan met laeng ken ko mo kas no ngem unay"
    ),
    "lt": (
        "ir nėra yra buvo bus aš tu jis ji mes jūs jie mano tavo jūsų mūsų kas ką kaip kada kur kodėl su "
        "be apie nuo ant prie iki po prieš taip pat dar jau labai tik ar bet jei kad tai tas ta šis ši man "
        "mums jums ačiū laba diena prašau užsakymas užsakymo pinigai pinigus paslauga niekada visada "
        "niekas neatsako vis savaites trys laukiu blogiausias aptarnavimas duona gavau atgal noriu savo"
    ),
    "pl": (
        "nie jest to i w na z do się że jak co czy ale już tylko bardzo dla mnie jestem są był zamówienie "
        "dziękuję"
    ),
    "ro": (
        "și si nu este sunt am ai cu la pe din pentru că ce mai foarte dar sau acest această mulțumesc "
        "comanda în un o de să fost meu mea mei mele bani banii nimeni nimic trei doi săptămâni ore zile "
        "nici vreau îmi când unde cum pâine pâinea rece"
    ),
    "sv": (
        "och att det är jag inte en ett som för på med har av till den du vi ni om men var från tack mycket "
        "min mitt mina pengar ingen kommit beställning vill få tillbaka"
    ),
    "ca": (
        "i el la els les un una de del amb per que no és són va han ha hem meu meva molt més però com quan "
        "gràcies em et es li seu seva dels als al vull diners tornin ningú res encara he tinc fa tres "
        "setmanes hores aquest aquesta pa fred servei pitjor comanda arribat sempre mai també on qui perquè "
        "bon dia"
    ),
    "da": (
        "og at det er jeg ikke en et som for på med har af til den du vi i om men var fra tak meget min mit "
        "mine ingen vil penge tilbage bestilling bestillingen ordre uger timer kommet aldrig stadig hvor "
        "hvorfor hvad sig mig dig os de der blev være skal kan"
    ),
    "nb": (
        "og at det er jeg ikke en et som for på med har av til den du vi om men var fra takk mye min mitt "
        "mine ingen vil penger pengene tilbake bestilling bestillingen uker timer kommet aldri fortsatt "
        "hvor hvorfor hva seg meg deg oss dere de der ble være skal kan"
    ),
    "gl": (
        "o a os as un unha uns do da dos das no na nos nas ao á e ou mais que non si é son foi era está "
        "estou vostede eu el ela nós meu miña meus seu súa isto iso moito tamén xa aínda nunca sempre con "
        "sen para por cando onde como porque teño ten grazas ola pedido chegou ninguén nada quero cartos"
    ),
    "az": (
        "və bu bir üçün ilə çox daha deyil yox var kimi qədər sonra mən sən biz siz mənə sizə sifariş pul "
        "hələ"
    ),
})  # fmt: skip

#: What Malay has and Indonesian has not; nearly all its other words are the same.
MALAY: Final = (
    "kerana ialah bahawa awak korang wang tiada sahaja telefon hantar dihantar perkhidmatan teruk kedai "
    "encik puan takde takda xde mcm nak kat tengok cakap bagitahu jer restoren tapau"
)
