"""The words Hindi is told by in both scripts people write it in, with its neighbours' in Devanagari.

In Latin letters Hindi and Urdu are one language to a reader of small words; what tells them, where anything
does, are a few words and spellings that those who write Urdu, or Hindi, seldom share.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Hindi and Urdu in Latin letters.
LATIN: Final = (
    "hai hain hu hoon hun nahi nahin nhi nai kya kyun kyu kyon kab kaha kahan mera meri mere mujhe muje "
    "mujhko hum humko hume humein hame hamein hamare hamara hamari aap aapka aapki aapke aapko aapne "
    "apka apki apke apko apne apna yeh ye woh wo ka ki ke ko se mein pe aur bhi bohat bohot bahut bahot "
    "bhot abhi abi tak raha rahi rahe rha rhi rhe gaya gayi gaye gya gyi gye kar karo karna karke karte "
    "karta karti kiya kr krna kro krte hua hui hue hoga hogi honge ho koi kuch kuchh paisa paise paiso "
    "bhai bhaiya yaar sab ek teen tha thi ji na ne hi toh wala wali wale liye lie baad pehle phir fir "
    "kabhi dobara ghante ghanta hafte mahine aaj kal lekin magar agar jab itna itni itne kitna kitni "
    "kaise kaisa aisa aisi kharab kharaab bura buri ghatiya bekar bakwas galat ghalat thanda thandi "
    "basi baasi der aaya aayi aaye aya ayi mila mili mile diya diye liya chahiye chahie wapas wapis "
    "vapas karwao karvao dedo dena lena jawab uthata uthate uthaya batao bataya bola boli bol logo kisi "
    "kisne sirf bilkul jaldi accha acha achha achi acchi theek thik saaf ganda gandi khana roti zyada "
    "jyada sahi dhokha dhoka loot chor sharam sharm shukriya dhanyavaad dhanyawad maaf maafi kripya "
    "namaste dukan dukaan tukda nikla baar badtameezi badtamizi pareshan ekdum intezaar intezar pada "
    "padi padta lagta lagti lagte jata jati jate jaate kabse tameez tareeka inka inki inke unka unki jo "
    "karwana karwaya bheja bheji manga mangaya mangwaya"
)

#: What tells them, by language.
ROMAN: Final[Mapping[str, str]] = MappingProxyType({
    "ur": (
        "bohat bohot buhat shukriya shukria assalam asalam alaikum alikum walaikum janab inshallah insha "
        "mashallah masha alhamdulillah allah meharbani masla masle maslay wapis khidmat ghalat hamain "
        "humain mujhay paisay khanay dafa dafah qeemat mazeed baraye kyunke kiunke magar larka larki rupay "
        "behtreen behtareen idara intizar karachi lahore islamabad rawalpindi"
    ),
    "hi": (
        "bahut bahot bhot samasya dhanyavaad dhanyavad dhanyawad kripya kripaya namaste namaskar seva accha "
        "achha acchi achhi badhiya badiya galat wapas vapas kyunki kyonki ladka ladki jyada vyavahar grahak "
        "shikayat keemat kimat rupaye rupaya upi paytm delhi mumbai ekdum didi bhaiya turant samay "
        "uttar kshama ghatiya dukaan"
    ),
})  # fmt: skip

#: Of the languages in Devanagari; all but Hindi are there as rivals.
DEVANAGARI: Final[Mapping[str, str]] = MappingProxyType({
    "hi": (
        "है हैं हूं हूँ था थी थे थीं हो हुआ हुई हुए होगा होगी होता होती होते नहीं न मत ना का की के को "
        "से में पर ने और यह ये वह वो इस उस इन उन मैं मैंने हम हमने हमें हमारा हमारी हमारे आप आपने आपका "
        "आपकी आपके आपको मेरा मेरी मेरे मुझे अपना अपनी अपने कोई कुछ सब सभी क्या क्यों कब कहां कैसे कैसा "
        "कितना कितने कितनी कौन किसी किसने जो तो भी ही तक लिए साथ बाद पहले फिर अब अभी कल आज बहुत बिल्कुल "
        "सिर्फ लेकिन मगर अगर क्योंकि इसलिए जब तब यहां वहां गया गई गए गयी गये रहा रही रहे कर करें करो "
        "करना करने करते करता करती किया दिया दी दिए लिया ली मिला मिली मिले आया आई आए चाहिए एक दो तीन दिन "
        "घंटे हफ्ते महीने पैसे पैसा वापस धन्यवाद कृपया नमस्ते माफ क्षमा खेद बार वाला वाली वाले सकते "
        "सकता सकती जा जाए दे दें कम ज्यादा इतना इतनी बेकार खराब घटिया निकला दुकान रोटी ब्रेड फोन जी हर"
    ),
    "mr": (
        "आहे आहेत नाही नाहीत होता होती होते होतं आणि व मी मला माझा माझी माझे माझ्या आम्ही आम्हाला आमचा "
        "तुम्ही तुमचा तुमची तुमचे तुमच्या तुम्हाला तो ती ते हा ही हे या का काय कधी कुठे कसा कसे कोण "
        "कोणी कोणीही पण परत तर जर म्हणून झाला झाली झाले झालं केला केली केले केलं करा करू करत देत नका "
        "खूप फार अजून अजूनही आता आज काल पैसे दिवस आठवडे तास मध्ये साठी कडून पासून पर्यंत आली आला आले "
        "मिळाला मिळाली मिळाले नको हवे पाहिजे उचलत सेवा चांगली वाईट सगळे एक दोन तीन च्या ला ने"
    ),
    "ne": (
        "छ छन् छैन छैनन् हो होइन थियो थिए भयो भएको भएन गर्यो गर्छ गर्न गरेको गरे गरेन गर्नुहोस् र म "
        "मलाई मेरो मेरी मेरा हामी हाम्रो हामीलाई तपाईं तपाईंको तपाईंले यो त्यो यस उनी कसैले कुनै के किन "
        "कहिले कहाँ कसरी को मा ले लाई बाट पनि अझै अझ आज हिजो धेरै राम्रो नराम्रो पैसा फिर्ता दिन हप्ता "
        "घण्टा आएको आएन उठाउँदैन आइपुगेको तर अनि भने सबै एक दुई तीन लागि साथ पछि सम्म"
    ),
    "bho": (
        "बा बाड़े बाटे बानी रहल रहे भइल गइल कइल नइखे हमार हमरा रउआ तोहार ओकर के में से अउर बहुत काहे "
        "कवनो अछि छै छथि हम अहाँ नहि कें सँ"
    ),
    "sa": (
        "अस्ति सन्ति भवति न च तु एव अहम् मम त्वम् तव सः सा तत् किम् कदा कुत्र अपि इति"
    ),
})  # fmt: skip
