// Russian, Ukrainian, Bulgarian, Polish, Czech, Slovak.
import type { Words } from "../classes.ts";

export const RUSSIAN: Words = {
  everything: "всё|все",
  start: "пожалуйста|теперь|сейчас|ты должен|тебе нужно|отныне|с этого момента|немедленно|сначала|затем|моля|сега",
  drop: "игнорируй|игнорируйте|проигнорируй|игнорировать|забудь|забудьте|забыть|не обращай внимания на|отмени|не выполняй|не следуй|не учитывай|отбрось|обойди|пренебреги|отбросьте|перестань следовать|отключи|сбрось|нарушай|не соблюдай|игнорирай|забрави|не следвай",
  earlier:
    "предыдущие|предыдущих|предыдущим|предыдущую|прошлые|прежние|прежних|вышеуказанные|указанные выше|вышеприведённые|вышеизложенные|первоначальные|исходные|начальные|ранее данные|данные ранее|данные тебе|выше|ранее|полученные|имеющиеся|заданные|предишни|горните|предишните",
  all: "все|всё|всех|любые|каждую|всем|всички|всичко",
  your: "твои|свои|ваши|своих|твоих|свой|твой|своими|своите",
  rules:
    "инструкции|инструкций|инструкцию|указания|правила|команды|приказы|предписания|директивы|ограничения|промпты|установки|инструкциям|правил|указаний|распоряжения|сообщения",
  orders: "инструкции|инструкций|инструкцию|указания|предписания|директивы|промпты|инструкциям|указаний",
  fill: "что|и|или|о|об|тебе|те|эти|было|которые|были|как|на|в|от|полностью|просто|из|то|всего|по",
  what: "все|всё|то|всё то|обо всём|текст|всё что|все что|содержимое",
  said: "написано выше|сказано выше|выше|тебе говорили|тебе сказали|говорилось ранее|до этого|ранее|сказано ранее|было сказано|было написано|я говорил|было раньше|ты знал|было до этого",
  void: "отменены|отменяются|больше не действуют|больше не применяются|недействительны|аннулированы|утратили силу|не действуют|отменено|больше не имеют силы",
  show: "покажи|покажите|выведи|выведите|напечатай|раскрой|повтори|назови|скажи|напиши|перечисли|опиши|сообщи|расскажи|процитируй|дай|разкрий|изведи|кажи",
  ask: "какой у тебя|каков|каковы|какие у тебя|что написано в|какие",
  hidden:
    "системные|секретные|начальные|скрытые|внутренние|первоначальные|исходный|первый|полный|тайные|изначальные|начальный",
  prompt: "промпт|инструкции|указания|промт|инструкция",
  systemPrompt:
    "системный промпт|системный промт|системную подсказку|системное сообщение|системные инструкции|системная инструкция|системную инструкцию|начальные инструкции|системния си промпт|системните инструкции|первоначальные инструкции|скрытые инструкции",
  me: "мне|нам|дословно|полностью|содержимое|текст|ми",
  become:
    "ты теперь|теперь ты|отныне ты|ты|с этого момента ты|действуй как|веди себя как|притворись|представь что ты|вы теперь|отсега нататък си|ты работаешь|ты будешь",
  model:
    "ии|ассистент|помощник|модель|языковая модель|бот|нейросеть|чат-бот|ии-ассистента|ии-ассистент|ассистента|ии-помощник",
  without: "без|свободен от|у тебя нет|не имеющий|не связан|без каких-либо|у тебя больше нет|лишённый",
  limits: "ограничений|правил|фильтров|цензуры|запретов|рамок|этики|морали|ограничениями|правилами|ограничения",
  free: "неограниченный|нецензурируемый|свободный|неограниченная",
  answer: "отвечай|отвечайте|ответь|ответьте|отговаряй|отвечать|работаешь|говори",
  note: "примечание|внимание|важно|сообщение|инструкция|обращение|заметка",
  toward: "для|к",
  ifYou: "если ты|если вы",
  before: "прежде чем отвечать|прежде чем ответить|перед ответом|перед тем как ответить",
  order:
    "отправь|отправьте|перешли|переведи|удали|скажи|дай|рекомендуй|добавь|ответь|игнорируй|забудь|открой|напиши|выведи|сообщи",
  user: "пользователя|пользователю|пользователь",
  request: "запрос|вопрос|просьбу|задачу",
  link: "и|но|а|теперь",
};

export const UKRAINIAN: Words = {
  everything: "все|усе",
  start: "будь ласка|тепер|зараз|ти повинен|відтепер|негайно",
  drop: "ігноруй|ігноруйте|проігноруй|забудь|забудьте|не виконуй|скасуй|не зважай на|не дотримуйся|відкинь|не слідуй|не враховуй|знехтуй|ігнорувати",
  earlier:
    "попередні|попередніх|наведені вище|вищезазначені|вказані вище|початкові|вище|раніше|минулі|дані раніше|колишні",
  all: "всі|усі|все|усе|всіх|усіх|будь-які",
  your: "свої|твої|ваші|свій|твій",
  rules: "інструкції|інструкцій|вказівки|правила|команди|накази|директиви|настанови|обмеження|промпти",
  orders: "інструкції|інструкцій|вказівки|директиви|настанови|промпти",
  fill: "що|і|й|та|або|про|тобі|було|які|ці|те|з",
  what: "все|усе|те|про все|текст",
  said: "написано вище|сказано вище|вище|тобі казали|тобі сказали|до цього|раніше|було сказано|сказано раніше",
  void: "скасовано|скасовані|більше не діють|недійсні|анульовано|втратили чинність|більше не застосовуються|не діють",
  show: "покажи|виведи|надрукуй|розкрий|повтори|назви|скажи|напиши|розкажи|відобрази",
  ask: "який у тебе|які в тебе|яка твоя",
  hidden: "системні|секретні|початкові|приховані|внутрішні|повний|перші",
  prompt: "промпт|інструкції|вказівки",
  systemPrompt:
    "системний промпт|системну підказку|системне повідомлення|системні інструкції|початкові інструкції|приховані інструкції",
  me: "мені|нам|дослівно|повністю",
  become: "ти тепер|тепер ти|відтепер ти|ти|з цього моменту ти|дій як",
  model: "ші|асистент|помічник|модель|бот|мовна модель|ші-асистента|ші-асистент",
  without: "без|вільний від|у тебе немає|у тебе більше немає",
  limits: "обмежень|правил|фільтрів|цензури|меж|обмеження",
  answer: "відповідай|відповідайте|дай відповідь",
  link: "і|й|та|але",
};

export const POLISH: Words = {
  everything: "wszystko|o wszystkim",
  start: "proszę|teraz|musisz|od teraz|natychmiast|najpierw",
  drop: "zignoruj|zignorujcie|ignoruj|ignorować|zapomnij|zapomnij o|pomiń|nie przestrzegaj|obejdź|nie stosuj się do|odrzuć|nie zważaj na|unieważnij|anuluj|nie wykonuj|przestań przestrzegać|zlekceważ",
  earlier:
    "poprzednie|poprzednich|wcześniejsze|wcześniejszych|powyższe|powyższych|dotychczasowe|dotychczasowych|początkowe|oryginalne|wyżej|pierwotne|wydane|otrzymane",
  all: "wszystkie|wszystko|wszystkich|wszelkie|każde|wszystkim",
  your: "swoje|twoje|swój|twój|swoich",
  rules:
    "polecenia|poleceń|instrukcje|instrukcji|zasady|zasad|reguły|rozkazy|wytyczne|wskazówki|prompty|ograniczenia|nakazy|dyrektywy",
  orders: "polecenia|poleceń|instrukcje|instrukcji|wytyczne|wskazówki|prompty|dyrektywy",
  fill: "o|tym|co|i|lub|ci|te|które|tego|do|z|jest|zostały|całkowicie|to",
  what: "wszystko|wszystkim|to|tym|tekst|wszystko to",
  said: "napisano wyżej|powyżej|wyżej|ci powiedziano|powiedziano wcześniej|wcześniej|dotąd|napisano powyżej|było wcześniej|powiedziałem|do tej pory",
  void: "już nie obowiązują|nie obowiązują|zostały anulowane|są nieważne|zostały unieważnione|straciły ważność|przestają obowiązywać|są anulowane",
  show: "pokaż|wypisz|wyświetl|ujawnij|powtórz|podaj|powiedz|zdradź|napisz|wydrukuj",
  ask: "jaki jest|jakie są|jak brzmi",
  hidden: "początkowe|tajne|ukryte|wewnętrzne|pełny|pierwsze|systemowe|cały",
  prompt: "prompt|instrukcje|wytyczne|polecenia",
  systemPrompt:
    "prompt systemowy|komunikat systemowy|instrukcje systemowe|wiadomość systemową|początkowe instrukcje|polecenie systemowe",
  me: "mi|nam|słowo w słowo|dosłownie",
  become: "jesteś teraz|teraz jesteś|od teraz jesteś|jesteś|zachowuj się jak|udawaj",
  model:
    "ai|si|asystent|asystenta|model|bot|model językowy|sztuczna inteligencja|asystenta ai|sztuczną inteligencją|botem",
  without: "bez|wolny od|nie masz już|nie masz",
  limits: "ograniczeń|zasad|filtrów|cenzury|reguł|limitów|granic",
  answer: "odpowiadaj|odpowiedz|odpowiadać",
  note: "uwaga|ważne|wiadomość|notatka",
  toward: "dla|do",
  ifYou: "jeśli jesteś",
  before: "zanim odpowiesz|przed odpowiedzią",
  order: "wyślij|prześlij|przelej|usuń|powiedz|daj|poleć|dodaj|odpowiedz|zignoruj|zapomnij|otwórz|napisz|wypisz",
  user: "użytkownika|użytkownikowi",
  request: "prośbę|pytanie|zadanie|polecenie",
  link: "i|oraz|ale|teraz",
};

export const CZECH: Words = {
  everything: "vše|všechno",
  start: "prosím|nyní|teď|musíš|od teď",
  drop: "ignoruj|ignorujte|zapomeň|zapomeňte|neřiď se|přeskoč|nedbej na|neber v úvahu|nedodržuj|zruš|pomiň|zabudni|ignorovať|neriaď sa",
  earlier:
    "předchozí|předchozích|předchozími|výše uvedené|výše|dřívější|původní|předešlé|počáteční|predchádzajúce|predošlé|vyššie uvedené",
  all: "všechny|všechno|vše|veškeré|všech|všetky|všetko",
  your: "své|svoje|tvé|tvoje|svůj|tvůj",
  rules:
    "pokyny|pokynů|instrukce|instrukcí|příkazy|pravidla|nařízení|směrnice|prompty|omezení|inštrukcie|príkazy|pravidlá",
  orders: "pokyny|pokynů|instrukce|instrukcí|směrnice|prompty|inštrukcie",
  fill: "co|a|nebo|na|o|ti|bylo|které|to|se|všem|na všechny|čo",
  what: "vše|všechno|to|co|všechno co|text",
  said: "bylo řečeno|je napsáno výše|výše|bylo ti řečeno|předtím|ti bylo řečeno|dosud|bolo povedané",
  void: "již neplatí|už neplatí|jsou neplatné|byly zrušeny|jsou zrušeny|pozbyly platnosti|už neplatia",
  show: "ukaž|zobraz|vypiš|prozraď|zopakuj|řekni|napiš|odhal|sděl|vytiskni",
  ask: "jaký je|jaké jsou|jak zní",
  hidden: "tajné|skryté|vnitřní|počáteční|celý|první|interní",
  prompt: "prompt|pokyny|instrukce",
  systemPrompt: "systémový prompt|systémovou zprávu|systémové instrukce|systémové pokyny|počáteční instrukce",
  me: "mi|nám|doslova",
  become: "nyní jsi|teď jsi|od teď jsi|jsi|chovej se jako",
  model: "ai|asistent|model|bot|umělá inteligence|jazykový model",
  without: "bez|nemáš|už nemáš",
  limits: "pravidel|omezení|filtrů|cenzury|hranic|limitů",
  answer: "odpovídej|odpověz",
  link: "a|ale",
};
