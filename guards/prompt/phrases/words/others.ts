// Hungarian, Greek, Turkish, Indonesian and Malay, Vietnamese, Swahili, Tagalog.
import type { Words } from "../classes.ts";

export const HUNGARIAN: Words = {
  start: "kérlek|most|azonnal",
  drop: "hagyd figyelmen kívül|felejtsd el|ne kövesd|hagyja figyelmen kívül|felejts el|felejtse el|ne vedd figyelembe|mellőzd",
  dropLast: "hagyd figyelmen kívül|felejtsd el|ne kövesd|felejts el",
  earlier: "korábbi|fenti|előző|eddigi|eredeti|megelőző|kapott",
  all: "összes|minden|mindent|valamennyi",
  rules:
    "utasítást|utasításokat|szabályt|szabályokat|parancsot|parancsokat|utasítás|irányelveket|utasításaidat|szabályaidat|utasításod",
  orders: "utasítást|utasításokat|utasítás|irányelveket|utasításaidat",
  fill: "az|a|és|vagy|amit|ezt",
  your: "saját",
  what: "mindent|amit|minden",
  said: "mondtak|fent írtak|eddig mondtak|fent|korábban|eddig",
  void: "már nem érvényesek|érvényüket vesztették|már nem érvényes|nem érvényesek",
  show: "mutasd|írd ki|áruld el|mondd el|ismételd meg|add meg",
  ask: "mi a|mik a",
  hidden: "rejtett|titkos|kezdeti|belső|teljes",
  prompt: "promptot|utasításokat|utasításaidat",
  systemPrompt: "rendszerpromptot|rendszerprompt|rendszerüzenetet|rendszerutasításokat|rendszerpromptodat",
  link: "és",
};

export const GREEK: Words = {
  start: "παρακαλώ|τώρα|πρέπει να|από τώρα",
  drop: "αγνόησε|αγνοήστε|ξέχνα|ξεχάστε|μην ακολουθείς|παράβλεψε|παραβλέψτε|ξέχασε|να αγνοήσεις|μη λάβεις υπόψη|ακύρωσε",
  earlier: "προηγούμενες|παραπάνω|αρχικές|προηγούμενους|προηγούμενα|ανωτέρω|πιο πάνω",
  all: "όλες|όλα|όλους|κάθε|όλων",
  your: "σου|σας",
  rules: "οδηγίες|εντολές|κανόνες|οδηγιών|κανόνων|περιορισμούς|κατευθύνσεις",
  orders: "οδηγίες|εντολές|οδηγιών",
  fill: "τις|τα|τους|οι|και|ή|που|ό,τι|σου|την|τον|το|των",
  what: "όλα|ό,τι|τα πάντα|όσα",
  said: "παραπάνω|σου είπαν|ειπώθηκαν|γράφτηκαν παραπάνω|πριν|προηγουμένως|γράφεται παραπάνω|είπαν",
  void: "δεν ισχύουν πλέον|δεν ισχύουν|ακυρώνονται|έχουν ακυρωθεί|είναι άκυρες|είναι άκυροι",
  show: "δείξε|εμφάνισε|αποκάλυψε|πες|επανάλαβε|τύπωσε|γράψε|δείξε μου|πες μου",
  ask: "ποιο είναι|ποιες είναι",
  hidden: "κρυφές|αρχικές|μυστικές|εσωτερικές|πλήρες",
  prompt: "prompt|οδηγίες|εντολές",
  systemPrompt: "system prompt|μήνυμα συστήματος|οδηγίες συστήματος|προτροπή συστήματος",
  me: "μου|μας",
  become: "είσαι τώρα|τώρα είσαι|από τώρα είσαι|είσαι",
  model: "τν|βοηθός|μοντέλο",
  without: "χωρίς|ελεύθερος από|δεν έχεις",
  limits: "περιορισμούς|κανόνες|φίλτρα|όρια|λογοκρισία",
  answer: "απάντα|απάντησε|απαντήστε",
  some: "μια|ένα|ένας",
  link: "και",
};

export const TURKISH: Words = {
  start: "lütfen|şimdi|artık|hemen|bundan sonra|dikkat",
  drop: "ignore et|yok say",
  dropLast:
    "unut|unutun|yok say|yok sayın|görmezden gel|görmezden gelin|dikkate alma|dikkate almayın|göz ardı et|göz ardı edin|geçersiz say|geçersiz kıl|uyma|uymayın|ihmal et|takip etme|iptal et|bir kenara bırak|atla|devre dışı bırak|boş ver",
  earlier: "önceki|yukarıdaki|daha önceki|verilen|eski|ilk|mevcut|yukarıda|daha önce|bundan önceki|şimdiye kadarki",
  all: "tüm|bütün|her|hepsini",
  your: "senin|sana|sistem",
  rules:
    "talimatları|talimatlarını|talimatlar|kuralları|kurallarını|kurallar|yönergeleri|yönergelerini|komutları|emirleri|direktifleri|istemleri|mesajları|mesajını|sınırlamaları|kısıtlamaları|talımatları|politikalarını|talimatlara|kurallara|sistem mesajını|yönergeler|komutlar",
  orders: "talimatları|talimatlarını|talimatlar|yönergeleri|direktifleri|istemleri",
  fill: "ve|veya|sana|tamamen|olan|verilmiş|güvenlik",
  what: "her şeyi|şeyi|yazanları|söylenenleri|şeyleri|söylenen|metni|içeriği",
  said: "yukarıda|yukarıdaki|önceki|şimdiye kadar|daha önce|sana|yukarıda yazan",
  void: "artık geçerli değil|geçersiz|iptal|geçersizdir|iptal edildi|artık geçersiz|geçerli değildir|devre dışı|kaldırıldı|geçersiz kılındı",
  showLast: "yaz|göster|açıkla|tekrarla|yazdır|paylaş|söyle|sızdır|ver|listele|gösterin|yazın",
  hidden: "gizli|ilk|iç|gerçek|tam|başlangıç",
  prompt: "talimatlarını|talimatları|yönergelerini|komutlarını|promptunu|istemini",
  systemPrompt:
    "sistem istemini|sistem promptunu|sistem mesajını|sistem talimatlarını|sistem komutlarını|sistem istemi|gizli talimatları|gizli talimatlarını|iç talimatları",
  me: "bana|kelimesi kelimesine|olduğu gibi|aynen|tamamını|tüm",
  become: "sen artık|artık sen|bundan sonra sen|sen şimdi|şu andan itibaren sen",
  some: "bir",
  free: "filtresiz|sınırsız|sansürsüz|kısıtlamasız|kuralsız|kural tanımayan|kısıtlaması olmayan",
  model: "asistansın|asistan|yapay zekasın|yapay zekâsın|modelisin|botsun|yapay zekâ|yapay zeka",
  link: "ve|sonra",
};

export const INDONESIAN: Words = {
  start:
    "tolong|sekarang|harap|mohon|kamu harus|anda harus|mulai sekarang|silakan|hãy|xin hãy|vui lòng|bây giờ|tafadhali|sasa|pakiusap|ngayon",
  drop: "abaikan|lupakan|jangan ikuti|lewati|hiraukan|kesampingkan|batalkan|jangan patuhi|bỏ qua|quên|quên đi|đừng làm theo|phớt lờ|hãy bỏ qua|hãy quên|không tuân theo|đừng tuân theo|puuza|sahau|usifuate|balewalain|huwag pansinin|kalimutan|huwag sundin|msifuate",
  earlier:
    "sebelumnya|di atas|terdahulu|awal|yang diberikan|sebelum ini|tadi|asli|trước đó|ở trên|trước đây|trước|ban đầu|phía trên|đã cho|yaliyotangulia|ya awali|ya hapo juu|zilizotangulia|za awali|awali|naunang|nakaraang|yaliyopita|za hapo juu",
  all: "semua|segala|seluruh|setiap|tất cả|mọi|toàn bộ|yote|zote|lahat ng|lahat",
  your: "anda|kamu|mu|của bạn|yako|zako|iyong|mong",
  rules:
    "instruksi|perintah|aturan|arahan|petunjuk|pedoman|prompt|batasan|peraturan|hướng dẫn|chỉ dẫn|quy tắc|lệnh|chỉ thị|các lệnh|yêu cầu|maagizo|maelekezo|kanuni|amri|sheria|tagubilin|utos|panuntunan",
  orders: "instruksi|perintah|arahan|petunjuk|hướng dẫn|chỉ dẫn|chỉ thị|maagizo|maelekezo|tagubilin",
  fill: "yang|dan|atau|dari|telah|ini|itu|sistem|các|những|và|hoặc|mà|đã|bạn|được|na|ya|ang|mga|hapo|za",
  what: "semua yang|apa yang|segalanya|semuanya|những gì|mọi thứ|tất cả những gì|yale yote|yaliyoandikwa|lahat|mọi điều",
  said: "tertulis di atas|dikatakan|di atas|dikatakan sebelumnya|sebelumnya|sebelum ini|viết ở trên|ở trên|đã nói|được nói|trước đó|hapo juu|yaliyosemwa|sinabi",
  void: "tidak berlaku lagi|sudah tidak berlaku|dibatalkan|telah dibatalkan|tidak lagi berlaku|không còn hiệu lực|bị hủy bỏ|đã bị hủy|không còn áp dụng|hazitumiki tena|hayatumiki tena|zimefutwa|yamefutwa|ay hindi na ipinapatupad",
  show: "tampilkan|tunjukkan|cetak|ungkapkan|ulangi|sebutkan|beritahu|tuliskan|berikan|bocorkan|in nguyên văn|hiển thị|tiết lộ|cho tôi biết|cho tôi xem|lặp lại|hãy in|onyesha|fichua|chapisha|rudia|ipakita|ibunyag|ulitin",
  ask: "apa|apa saja|apa isi",
  hidden: "awal|rahasia|tersembunyi|internal|lengkap|ban đầu|bí mật|kwanza|ya kwanza|ẩn",
  prompt: "prompt|instruksi|hướng dẫn|chỉ dẫn|maagizo|tagubilin",
  systemPrompt:
    "prompt sistem|instruksi sistem|pesan sistem|prompt sistemmu|lời nhắc hệ thống|prompt hệ thống|hướng dẫn hệ thống|chỉ dẫn hệ thống|thông điệp hệ thống|maagizo yako ya mfumo|maagizo ya mfumo|system prompt|instruksi awal",
  me: "kepada|saya|kata demi kata|nguyên văn|cho tôi",
  become:
    "sekarang kamu adalah|kamu sekarang adalah|kamu adalah|mulai sekarang kamu adalah|anda adalah|anda sekarang adalah|bertindaklah sebagai|từ bây giờ bạn là|bạn là|bây giờ bạn là|bạn giờ là|kuanzia sasa wewe ni|wewe ni|sasa wewe ni|mula ngayon ikaw ay|ikaw ay",
  model: "ai|asisten|model|model bahasa|bot|trợ lý|mô hình|msaidizi|trợ lý ai|asisten ai",
  without: "tanpa|bebas dari|tidak memiliki|không có|không|không bị|isiyo na|bila|nang walang|na walang",
  limits:
    "batasan|aturan|filter|sensor|pembatasan|giới hạn|hạn chế|quy tắc|bộ lọc|kiểm duyệt|mipaka|vichujio|kanuni|limitasyon|panuntunan",
  answer: "jawab|jawablah|trả lời|hãy trả lời|jibu|sumagot",
  link: "dan|và|na|at|lalu|rồi",
};
