"""The words and endings languages are told by: small ones, and those complaints are made of."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: By language.
WORDS: Final[Mapping[str, str]] = MappingProxyType({
    "en": (
        "the and is are was were be been being have has had do does did not you your yours we our they "
        "their them he she his her its it i my me this that these those there here what when where why how "
        "who which with without from for of to in on at by as if but or so because about after before "
        "again never always ever just still only very too can could will would should shall may might must "
        "get got an all any some more most much many other than then now out up down over off into back "
        "one two don't didn't isn't can't won't i'm you're we're it's i've doesn't wasn't dont cant im ive "
        "hello hi dear thank thanks please sorry worst best good bad service order delivery refund money "
        "waiting waited weeks days hours nobody anyone someone everything nothing customer really people "
        "know think want need make take go going come like time day help told said call answer love hate "
        "yes right wrong great happy apologise apologize experience every while terrible awful horrible "
        "disgusting disappointed rude cold late bread twice charged paid broken missing arrived shop store "
        "staff case"
    ),
    "es": (
        "el la los las un una unos unas de del al y o pero que qué quien quién como cómo cuando cuándo "
        "donde dónde por para con sin sobre entre desde hasta hacia en es son era fue fueron ser está "
        "están estoy estamos estaba he ha han hay había no sí si muy más menos ya también nunca siempre "
        "aún todavía me te se nos le les lo mi mis tu tus su sus nuestro nuestra nuestros este esta esto "
        "estos estas ese esa eso yo tú él ella ellos usted ustedes todo todos toda todas nada nadie "
        "alguien algo porque pues así ahora hoy ayer mañana después antes tiene tengo tienen tener hacer "
        "hace hecho puede puedo pueden quiero gracias hola siento sentimos disculpa disculpas perdón favor "
        "pedido servicio atención cliente dinero semanas días horas meses llegó llamar respuesta peor "
        "mejor bueno malo mal bien buenos buenas ni vez mucho mucha muchas solo sólo cada otro otra ver "
        "vamos voy va da fui queremos podemos gente responde responden demora abre nosotros vosotros uno "
        "aquí allí ahí allá decimos dicen dijo hemos sido decir hablar cuenta cierto verdad jamás pasa "
        "pasó seguimos sigue alguno alguna ningún ninguna cualquier quienes cosa lugar nosotras estuvo "
        "ojalá lamentamos mismo pan frío fría tarde duro dura pésimo pésima cobrado cobraron dos mensaje "
        "mensajes privado directo correo escríbanos escríbenos envíenos cuéntenos díganos equipo tienda "
        "panadería horno número teléfono ayuda ayudar podría quiere quieren paga pagado sea haya q pq tb "
        "jaja jajaja vos tan esas vida casa noche años año feliz eres estás estar quieres gusta encanta "
        "amo falta sabe saber sabes creo cosas amigo amiga aunque sino mientras luego entonces dar dice "
        "digo mundo trabajo tal nuevo nueva gran nuestras asi mas tambien"
    ),
    "tr": (
        "ve bir bu şu o da de ki mi mı mu mü için ile çok daha en ama fakat ancak değil yok var gibi kadar "
        "sonra önce hiç her hâlâ hala ne neden niye nasıl nerede kim ben sen biz siz onlar bana sana bize "
        "size beni seni bizi sizi benim senin bizim sizin onun bunu bunun şey şimdi bugün dün yarın evet "
        "hayır teşekkür teşekkürler merhaba lütfen özür dileriz üzgünüz üzgünüm sipariş siparişim kargo "
        "ürün para paramı hizmet müşteri gün gündür hafta saat saattir oldu olan olarak olur ise ya yani "
        "artık bile kötü iyi güzel rezalet berbat kimse hiçbir tüm bütün yine tekrar aynı kendi sadece "
        "zaman diye eğer çünkü geldi gelmedi etti edin ediyor yapın dedi bence böyle şöyle öyle ekmek "
        "bayat geç soğuk kaba"
    ),
    "pt": (
        "o a os as um uma uns umas do da dos das no na nos nas ao aos à às e ou mas que não nao sim é são "
        "foi era estão está estou estava estavam você vocês vc vcs eu ele ela eles elas nós meu minha meus "
        "minhas seu sua seus suas teu tua isso isto esse essa este esta muito muita muitos muitas mais "
        "também já ainda nunca sempre com sem para pra pro por pelo pela pelos pelas num numa em de até se "
        "me lhe quando onde como porque quem qual tem têm tenho tinha teve tive fazer faz fez feito fui "
        "vou vai vão obrigado obrigada olá oi pedido entrega encomenda atendimento péssimo péssima "
        "horrível dinheiro ninguém nada tudo todos todas toda todo gente bom boa ruim mau má dia dias hoje "
        "ontem amanhã só nem depois antes agora aqui pessoas pão bolo loja padaria frio fria duro dura "
        "tarde atrasado atrasada chegou chega demora demorou atende responde respondem esperando esperar "
        "horas semanas meses vezes reais cobrado cobraram cobrou quero queria queremos devolvam pode podem "
        "poderia gostaria lamentamos sentimos desculpa desculpas mensagem nosso nossa nossos nossas "
        "cliente serviço vergonha nojo melhor pior qualquer coisa algo alguém outra outro vez duas dois "
        "cada fica fique ter ser sobre entre encontrei comprei pedi paguei liguei fecha abre lugar fora "
        "momento mesmo sentido dizer preferimos voce tá tô pq tb tbm né hj oq mto mt amei adorei deus kkk "
        "kkkk kkkkk aí tão tao assim ninguem alguem tambem lá cá saudade saudades falar feliz acho bem "
        "ficou ficar essas esses desse dessa deste desta nessa nesse teus tuas dele dela deles nela nele "
        "seria tenha faça deu dei dar vem veio vir sei sabe sabem olha gosto gostei gostava pessoa meninas "
        "amigo amiga trabalho noite fazendo sendo tendo ganhar jogo acabou comprar pagar"
    ),
    "it": (
        "il lo la i gli le un uno una di del della dei delle dello degli al alla ai alle allo agli da dal "
        "dalla dai in nel nella nei negli nelle sul sulla sui con su per tra fra e ed o ma che chi cui non "
        "sono è sei siamo siete era erano ero stato stata stati ho hai ha abbiamo avete hanno avevo aveva "
        "mi ti si ci vi ne mio mia miei mie tuo tua suo sua vostro vostra vostri nostro nostra loro questo "
        "questa questi queste quello quella quel come quando dove perché perche più piu anche ancora mai "
        "sempre già gia molto molta troppo tutto tutta tutti tutte niente nulla nessuno nessuna qualcuno "
        "qualcosa ogni ora adesso oggi ieri domani dopo prima poi fa solo essere avere fare fatto fate "
        "detto cosa così cosi bene male peggio peggiore pessimo pessima meglio grazie ciao buongiorno "
        "buonasera salve scusi scusate scusa prego ordine ordinato servizio soldi rimborso consegna "
        "consegnato assistenza cliente clienti negozio commessa commesso cassiera pane panino torta "
        "cornetto caffè freddo fredda duro dura raffermo tardi ritardo attesa aspetto aspettato aspettando "
        "arriva arrivato arrivata arrivati risponde rispondono risposta trovato capello pezzo dentro "
        "sacchetto pagato pagare addebitato due volte tre settimane settimana giorni giorno ore minuti anni "
        "vergogna schifo schifoso maleducato maleducata funziona sbagliato mancano manca posso può puoi "
        "potete possibile voglio vorrei sto sta stanno va vado andare viene se qui lì c'è cè sì però invece "
        "senza davvero proprio quindi infatti mentre purtroppo dispiace ringrazio signora signore prezzo "
        "prezzi caro cara buono buona buoni vuole vogliamo volta ringraziamo messaggio messaggi privato "
        "diretto scriveteci scrivete mandateci mandaci raccontateci squadra negozi panetteria forno "
        "telefono numero conto aiuto aiutare potrebbe potreste possiamo noi voi lei qualsiasi capire nostri "
        "nostre vostre"
    ),
    "fr": (
        "le la les un une des du de au aux et ou mais que qui quoi dont ne pas plus je tu il elle on nous "
        "vous ils elles mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs ce cet cette ces ça "
        "ca cela est sont était étaient être suis es as a avons avez ont avoir eu avec sans pour par dans "
        "sur sous chez vers depuis en y très trop aussi encore jamais toujours déjà deja bien mal tout tous "
        "toute toutes rien personne quelqu'un merci bonjour bonsoir salut désolé désolés excuses commande "
        "commandé livraison livreur livré argent service client clients magasin boulangerie boulangère "
        "vendeuse vendeur caissière pain baguette croissant gâteau froid froide dur rassis retard attente "
        "attends attendu attendre arrivé arrivée arrive répond répondu réponse réponses trouvé cheveu "
        "morceau remboursé remboursement rembourser payé payer débité deux fois trois semaine semaines "
        "jours jour heures heure minutes ans honte honteux dégoûtant degueulasse pire nul nulle mauvais "
        "mauvaise c'est j'ai n'est n'ai n'a d'un d'une qu'il qu'on qu'elle l'ai m'a s'est j'étais c'était "
        "n'y quand comme où pourquoi parce si fait faire fais même va vais vont aller après avant peut peux "
        "pouvez pouvoir veux voulez voudrais faut dit dire moi toi lui eux ici là là-bas beaucoup peu "
        "vraiment autre autres chaque aucun aucune alors donc puis hier aujourd'hui demain matin soir oui "
        "non voilà sais suis-je est-ce avez-vous quel quelle quels quelles cher chère prix bon bonne "
        "message messages privé équipe écrivez envoyez dites racontez boutique téléphone numéro "
        "compte aide aider pourriez pouvons voulons allons sommes êtes étiez celui celle quelque chose "
        "moment savoir comprenons regrettons"
    ),
    "de": (
        "der die das den dem des ein eine einen einem einer eines und oder aber nicht nichts kein keine "
        "keinen keiner ist sind war waren sein bin bist haben hat habe hatte hätte ich du er sie es wir ihr "
        "man mich dich sich mir dir uns euch ihnen ihm ihn mein meine meinen meiner meinem ihre ihren ihrem "
        "ihrer euer eure eurer eurem euren unser unsere unseren unserer mit ohne für von vom zu zum zur bei "
        "beim nach aus auf an am ans im ins in über unter vor zwischen seit bis durch gegen wie was wer wo "
        "wann warum wieso weshalb welche wenn dass daß weil als ob damit denn doch mal ja nein auch noch "
        "schon nur sehr immer nie niemand jemand jeder jede jedes alle alles viel viele mehr wird werden "
        "wurde wurden worden würde kann können könnte könnten muss müssen soll sollte will wollte wollen "
        "möchte darf danke vielen hallo bitte leider guten bestellung bestellt lieferung geliefert geld "
        "kunde kunden kundenservice so nun jetzt heute gestern morgen wieder endlich dann da hier dort gar "
        "ganz eben halt gibt ging geht kommt kam gekommen bekommen gemacht gesagt gefunden gewartet warte "
        "warten wartet antwortet antwort stunden stunde tage tagen wochen woche minuten jahre zwei drei "
        "vier uhr brot brötchen kuchen laden filiale verkäuferin kasse kalt hart trocken spät teuer "
        "schlecht schlechte schlechter schlechteste unfreundlich unverschämt frechheit ekelhaft zurück "
        "abgebucht bezahlt falsch kaputt fehlt tut leid sorry entschuldigung schreiben diese dieser dieses "
        "diesem diesen solche einfach gut gute guter besser beste besten macht machen wissen weiß weiss "
        "sagen sehen finde habt seid werde war's geht's gibt's hab ist's ned net nich nix hast gehabt willst "
        "kannst nachricht nachrichten direktnachricht privat team schreib bäckerei telefon nummer konto "
        "hilfe helfen würden dürfen unserem verstehen erzählen herr frau deine deinen deiner dein ganze "
        "ganzen etwas"
    ),
    "id": (
        "yang dan di ke dari untuk dengan tidak bukan ini itu saya aku kami kita anda kamu dia mereka ada "
        "adalah akan sudah belum telah bisa dapat juga sangat lagi saja atau tapi tetapi karena jika kalau "
        "apa siapa kapan kenapa bagaimana mana terima kasih maaf pesanan barang uang layanan pelayanan "
        "hari minggu jam tak gak nggak ga nya pada oleh sama buat lebih banget kok dong gue gw lo lu elo "
        "kalian kakak kak bapak ibu pak bu nih sih deh dah udah udh sdh blm belom gk enggak engga ngga "
        "kagak jangan harus boleh mau ingin pengen biar supaya agar semua setiap beberapa cuma hanya masih "
        "pernah sedang langsung kembali seperti begitu begini gimana gini gitu kayak kalo klo yg dgn dr "
        "utk krn tp sy jg aja doang pesan beli bayar datang sampai nyampe sampe kirim tunggu nunggu "
        "menunggu telat terlambat lama dingin keras basi roti kue toko kasir kurir pengiriman aplikasi "
        "kecewa kapok parah buruk jelek kotor mahal marah kesal rugi bohong jawab balas dijawab dibalas "
        "respon tolong mohon duit bulan menit tahun kemarin besok tadi orang anak makan makanan tempat "
        "pelanggan pembeli ternyata padahal soalnya makanya terus malah kali satu dua tiga lewat kepada "
        "seorang itulah bahwa dalam antara atas bawah agak paling benar salah baik bagus enak mantap suka "
        "senang sekali banyak sedikit selalu nomor telepon menjawab menanggapi membalas mengembalikan "
        "dikembalikan uangnya rotinya kuenya tu kan tuh loh lho yah yaa kau engkau bila tanpa sebelum "
        "setelah sesudah karna mengapa begitulah pergi ingat tahu tau bilang berkata katakan percaya hidup "
        "mati dunia cinta rumah mungkin tentu pasti bahkan saat ketika waktu sekarang nanti segera apakah "
        "siapapun sesuatu seseorang sebuah para tersebut serta maupun hingga sangatlah menjadi jadi "
        "membuat lihat melihat dengar"
    ),
    "tl": (
        "ang ng mga sa na at ay ako ikaw ka siya sya kami kame tayo kayo sila ko mo niya nya namin natin "
        "ninyo nyo niyo nila hindi hinde di wala walang may mayroon meron ito iyan yan iyon yun dito diyan "
        "doon dun ba po opo ho naman nman lang lng din rin pa kung kapag pag kasi kse para pero ngunit "
        "dahil ano anong sino kailan bakit paano pano saan nasaan nasan salamat pera araw yung ung nung "
        "noong si ni kay nang ngayon kahapon kanina bukas mamaya muna ulit uli lagi palagi sobra sobrang "
        "uulit babalik bibili pupunta sagot masyado "
        "talaga tlga pala daw raw kaya sana siguro baka pwede puwede dapat gusto ayaw huwag wag "
        "alam akin amin inyo kanila atin aking aming inyong iyong kong akong mong tinapay pandesal "
        "panaderya tagal matagal antagal ilang dalawang tatlong oras linggo buwan isang isa lahat mas "
        "pinaka ganito ganyan ganun lamang hanggang mula bago tapos tsaka saka habang kahit nga hay naku "
        "grabe tao bata tindera tindahan malamig mahal bastos sumasagot dumating dumarating nakuha "
        "natanggap binili bumili bayad binayaran ibalik pakibalik pakisagot nakakainis nakakadismaya masama "
        "panget pangit masarap maganda mabagal walang-kwenta wla hnd bat kayong kaming silang"
    ),
    "lv": (
        "un ir nav bija būs esmu es tu viņš viņa mēs jūs viņi mans mana jūsu kas ko kā kad kur kāpēc ar "
        "bez par no uz pie līdz pēc pirms arī vēl jau ļoti tikai vai bet ja lai tas tā šis šī šo to man "
        "mums jums paldies labdien lūdzu pasūtījums nauda serviss nekad vienmēr tev tevi mani mūs mūsu "
        "tavs savs sava savu savas viss visu visi visas nekas neko neviens kāds kāda kaut tur šeit te nu "
        "taču gan tomēr pavisam pārāk vairs vairāk mazāk tagad šodien vakar rīt vakarā rītā dienas diena "
        "stundas stundu nedēļas nedēļu mēnesi minūtes esam esat bijām biju būtu būšu varu var varat varētu "
        "vajag gribu gribam gribētu zinu saka teica saku redzēju atradu nopirku pirku pasūtīju pasūtījumu "
        "pasūtījuma saņēmu gaidu gaidīju gaidījām atbild atbildes atbildi zvanu telefonu klientu "
        "apkalpošana apkalpošanu apkalpošanas maize maizes maizi bulciņa bulciņas kūka kūku veikals "
        "veikalā veikalu maiznīca pārdevēja pārdevējs kurjers piegāde piegādi slikta slikti slikts slikto "
        "sliktākā auksta auksts auksti cieta ciets sens vecs veca kauns briesmīgi šausmīgi riebīgi "
        "vilšanās žēl naudu atpakaļ cena dārgi labi laba labs labākais garšīgi garšīga sirsnīgs "
        "pateicamies atvainojamies sveiki čau lūdzam kuru kura kuras kurš kuri tam tajā tās tie tos tiem "
        "pat jo kopš līdzko tāpēc tādēļ nebija nebūs neviena pa iekšā ārā apmēram veselu veselas trīs "
        "divas divi četras piecas pienācis atnāca atnācis kavējas kavējās lietotne lietotnē aizveras "
        "plastmasas gabals plastmasa mati atbildēt izdevās nestrada nesanemu sanemu vinji vins mes jus "
        "jusu musu pasutijums pasutijumu loti tapec kapec vel neatbild"
    ),
})  # fmt: skip

#: Beginnings of words that hardly occur elsewhere; Tagalog builds its verbs with them.
BEGINNINGS: Final[Mapping[str, str]] = MappingProxyType({
    "tl": (
        "nakaka napaka pinaka nagpa magpa ipina pinag nagka makaka maka naka nakip paki ikina kina pagka "
        "napag"
    ),
})  # fmt: skip

#: Endings that hardly occur elsewhere; Turkish says with them what others say with small words.
ENDINGS: Final[Mapping[str, str]] = MappingProxyType({
    "tr": (
        "lar ler ları leri larım lerim ınız iniz unuz ünüz ıyor iyor uyor üyor yorum yoruz yorsunuz mış "
        "miş muş müş mek mak madı medi dık dik duk dük acak ecek ımız imiz umuz ümüz ınızı inizi siniz "
        "sınız dır dir dur dür ması mesi nız niz yım yim"
    ),
    "es": "ción ciones amos emos aron ieron aba aban ando iendo arme arte arle ías",
    "en": "ing ness tion ould ight n't ly",
    "pt": "ção ções mente aram eram inho inha ões ão ãos ências ência dade dades ou eu iu amos emos ando",
    "id": "nya kan kah lah nyalah annya kannya",
    "lv": (
        "šana šanu šanas jums jumu jāt jām sim siet ties amies ījām ējām ās īja ēja āja tājs tāja iņa iņas"
    ),
    "it": "zione zioni mente ando endo ato ata iamo issimo issima",
    "fr": "eaux tion ment ait aient eux euse ez",
    "de": "ung ungen keit heit lich isch schaft sch cht",
})  # fmt: skip
#: Of the languages in Arabic script; Persian is there as a rival.
ARABIC_SCRIPT: Final[Mapping[str, str]] = MappingProxyType({
    "ar": (
        "في من على إلى الى عن مع هذا هذه ذلك التي الذي ما لا لم لن إن أن ان كان كانت هل أنا انا نحن أنت "
        "هو هي هم كل بعد قبل حتى لكن أو او ثم قد لقد عند عندي لدي شكرا مرحبا آسف نعتذر طلب الطلب خدمة "
        "الخدمة العملاء جدا يوم أيام اسبوع أسبوع ولا وما يا أي غير بدون عليكم السلام لكم لنا مش اللي ليش "
        "شو ايش كيف متى أين وين"
    ),
    "ur": (
        "ہے ہیں تھا تھی تھے ہو ہوا ہوئی ہوں کا کی کے کو سے میں پر اور نہیں یہ وہ بھی تو نے کر کیا کیوں کب "
        "کہاں مجھے میرا میری میرے ہم آپ اپنا ابھی تک بہت ایک کوئی کچھ رہا رہی رہے گیا گئی گئے جی شکریہ "
        "معذرت براہ کرم آرڈر لیے ساتھ"
    ),
    "fa": (
        "است این را که از به با برای نیست بود شد میشود من ما شما آن یک هم خیلی چرا ولی سفارش ممنون سلام "
        "کرد کنید کنم هیچ نمی می شده دارم دارد هستم هنوز بسیار"
    ),
})  # fmt: skip
