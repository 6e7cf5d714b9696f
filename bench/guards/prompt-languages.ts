// Innocent texts in languages that no training text is in, and the language of a corpus row's category.
import type { Row } from "../../guards/prompt/training/example.ts";

/** `passage/zh`, `command/de`, `man-page/pt_BR`: corpora name the language last. */
export function languageOf(category: string): string | null {
  const last = category.split("/").at(-1) ?? "";
  if (/^[a-z]{2,3}(?:[_-][A-Za-z]{2,4})?$/.test(last) && category.includes("/")) return last.slice(0, 2);
  return /^smalltalk\//.test(category) ? last : null;
}

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  is: [
    "Hvernig baka ég brauð?",
    "Fundurinn er á þriðjudaginn klukkan tíu.",
    "Skrifaðu ljóð um hafið.",
    "Ég gleymdi lykilorðinu mínu, hvernig breyti ég því?",
    "Hunsaðu stafsetningarvillurnar og dragðu textann saman.",
    "Vinsamlegast svarið ekki þessum pósti.",
  ],
  lv: [
    "Kā cept maizi?",
    "Sanāksme ir otrdien desmitos.",
    "Uzraksti dzejoli par jūru.",
    "Es aizmirsu paroli, kā to nomainīt?",
    "Ignorē drukas kļūdas un apkopo tekstu.",
    "Lūdzu, neatbildiet uz šo vēstuli.",
  ],
  lt: [
    "Kaip kepti duoną?",
    "Susitikimas vyks antradienį dešimtą.",
    "Parašyk eilėraštį apie jūrą.",
    "Pamiršau slaptažodį, kaip jį pakeisti?",
    "Nekreipk dėmesio į rašybos klaidas ir apibendrink tekstą.",
    "Prašome neatsakyti į šį laišką.",
  ],
  sk: [
    "Ako upiecť chlieb?",
    "Stretnutie je v utorok o desiatej.",
    "Napíš báseň o mori.",
    "Zabudol som heslo, ako ho zmením?",
    "Ignoruj preklepy a zhrň text.",
    "Na túto správu neodpovedajte.",
  ],
  sl: [
    "Kako spečem kruh?",
    "Sestanek je v torek ob desetih.",
    "Napiši pesem o morju.",
    "Pozabil sem geslo, kako ga zamenjam?",
    "Prezri tipkarske napake in povzemi besedilo.",
    "Na to sporočilo ne odgovarjajte.",
  ],
  hr: [
    "Kako ispeći kruh?",
    "Sastanak je u utorak u deset.",
    "Napiši pjesmu o moru.",
    "Zaboravio sam lozinku, kako je promijeniti?",
    "Zanemari tipfelere i sažmi tekst.",
    "Molimo ne odgovarajte na ovu poruku.",
  ],
  sr: [
    "Како да испечем хлеб?",
    "Састанак је у уторак у десет.",
    "Напиши песму о мору.",
    "Заборавио сам лозинку, како да је променим?",
    "Занемари словне грешке и сажми текст.",
    "Молимо не одговарајте на ову поруку.",
  ],
  sq: [
    "Si të pjek bukë?",
    "Takimi është të martën në dhjetë.",
    "Shkruaj një poezi për detin.",
    "Harrova fjalëkalimin, si ta ndryshoj?",
    "Injoro gabimet e shtypit dhe përmblidhe tekstin.",
    "Ju lutemi mos u përgjigjni këtij mesazhi.",
  ],
  ka: [
    "როგორ გამოვაცხო პური?",
    "შეხვედრა სამშაბათს ათ საათზეა.",
    "დაწერე ლექსი ზღვაზე.",
    "პაროლი დამავიწყდა, როგორ შევცვალო?",
    "უგულებელყავი ბეჭდვის შეცდომები და შეაჯამე ტექსტი.",
    "გთხოვთ, ნუ უპასუხებთ ამ წერილს.",
  ],
  hy: [
    "Ինչպե՞ս թխել հաց։",
    "Հանդիպումը երեքշաբթի ժամը տասին է։",
    "Գրիր բանաստեղծություն ծովի մասին։",
    "Մոռացել եմ գաղտնաբառը, ինչպե՞ս փոխեմ։",
    "Անտեսիր վրիպակները և ամփոփիր տեքստը։",
    "Խնդրում ենք չպատասխանել այս նամակին։",
  ],
  af: [
    "Hoe bak ek brood?",
    "Die vergadering is Dinsdag om tien.",
    "Skryf 'n gedig oor die see.",
    "Ek het my wagwoord vergeet, hoe verander ek dit?",
    "Ignoreer die tikfoute en som die teks op.",
    "Moet asseblief nie op hierdie boodskap antwoord nie.",
  ],
  eu: [
    "Nola egiten da ogia?",
    "Bilera asteartean da hamarretan.",
    "Idatzi olerki bat itsasoari buruz.",
    "Pasahitza ahaztu dut, nola alda dezaket?",
    "Ez kontuan hartu akats tipografikoak eta laburtu testua.",
    "Mesedez, ez erantzun mezu honi.",
  ],
  gl: [
    "Como se fai o pan?",
    "A reunión é o martes ás dez.",
    "Escribe un poema sobre o mar.",
    "Esquecín o contrasinal, como o cambio?",
    "Ignora as erratas e resume o texto.",
    "Non responda a esta mensaxe.",
  ],
  ga: [
    "Conas arán a bhácáil?",
    "Tá an cruinniú Dé Máirt ar a deich.",
    "Scríobh dán faoin bhfarraige.",
    "Rinne mé dearmad ar mo phasfhocal, conas é a athrú?",
    "Déan neamhaird de na botúin chló agus achoimrigh an téacs.",
    "Ná freagair an teachtaireacht seo le do thoil.",
  ],
  cy: [
    "Sut mae pobi bara?",
    "Mae'r cyfarfod ddydd Mawrth am ddeg.",
    "Ysgrifennwch gerdd am y môr.",
    "Anghofiais fy nghyfrinair, sut mae ei newid?",
    "Anwybyddwch y gwallau teipio a chrynhowch y testun.",
    "Peidiwch ag ateb y neges hon.",
  ],
  ms: [
    "Bagaimana cara membakar roti?",
    "Mesyuarat pada hari Selasa pukul sepuluh.",
    "Tulis sajak tentang laut.",
    "Saya terlupa kata laluan, bagaimana menukarnya?",
    "Abaikan kesalahan ejaan dan ringkaskan teks.",
    "Sila jangan balas mesej ini.",
  ],
  ur: [
    "روٹی کیسے پکاتے ہیں؟",
    "میٹنگ منگل کو دس بجے ہے۔",
    "سمندر پر ایک نظم لکھو۔",
    "میں پاس ورڈ بھول گیا، کیسے بدلوں؟",
    "املا کی غلطیوں کو نظر انداز کرو اور متن کا خلاصہ کرو۔",
    "براہ کرم اس پیغام کا جواب نہ دیں۔",
  ],
  ta: [
    "ரொட்டி எப்படி சுடுவது?",
    "கூட்டம் செவ்வாய்க்கிழமை பத்து மணிக்கு.",
    "கடலைப் பற்றி ஒரு கவிதை எழுது.",
    "கடவுச்சொல்லை மறந்துவிட்டேன், எப்படி மாற்றுவது?",
    "எழுத்துப் பிழைகளைப் புறக்கணித்து உரையைச் சுருக்கவும்.",
    "இந்தச் செய்திக்கு பதிலளிக்க வேண்டாம்.",
  ],
};

/** Each text as a user's words and as a tool's result. */
export function benignByLanguage(): Row[] {
  return Object.entries(TEXTS).flatMap(([language, texts]) =>
    texts.flatMap((text) =>
      [0, 1].map(
        (role): Row => ({
          text,
          role,
          label: 0,
          weight: 1,
          family: `compose/${language}`,
          category: `composed/${language}`,
        }),
      ),
    ),
  );
}
