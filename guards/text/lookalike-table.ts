// Letters of other scripts that look like ASCII's, after the confusables of UTS #39 and what attackers use beside them.
// `strict` pairs look alike in most typefaces; `loose` ones only to a reader who expects Latin.

const STRICT =
  "аa ѕs сc ԁd еe ѵv һh іi јj ӏl мm оo рp ԛq гr тt ԝw хx уy ԍg ьb кk ѡw ҽe ԃd ғf ҁc " +
  "АA ВB СC ЕE НH ІI ЈJ КK МM ОO РP ЅS ТT ХX ҮY УY Ԍ6 ԜW ԚQ ЬB ӀI ѴV " +
  "αa οo νv ρp τt υu ιi κk χx γy ωw ϲc ϳj ηn εe σo ϱp ϐb " +
  "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ϹC " +
  "օo սu ոn հh յj ցg զq ոn ւu ՏS ՕO ՍU ԼL ԱU " +
  "ᎠD ᎡR ᎢT ᎥI ᎪA ᎫJ ᎬE ᎳW ᎷM ᎻH ᎽY ᏀG ᏃZ ᏚS ᏟC ᏢP ᏦK ᏞL ᏔW ᏙV ᏒR ᏴB Ꮋh Ꮎo";
const LOOSE =
  "иn нh вb пn лn зe яr дd цu чy шw щw бb эe юio ИN ЯR ДD ЛA ПN ГR ЦU ЧY ШW ЩW ФO ЗE БB λl θo δd πn μu ςc βb ζz ξe φo ψw ΛA ΘO ΣE ΔA";
/** Latin's own variants: small capitals, script and hooked forms. Letters of an alphabet in use are not among them. */
const LATIN =
  "ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ꞯq ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz ɑa ɡg ʍw ɩi ʝj ɭl ɱm ɾr ʈt ʐz ɦh ʂs ƨs ƽs ƚl ꞁl ⅼl " +
  "₳A ฿B ₵C ₢C ₫d €E ₣F ₲G ₴S ₭K ₤L ₥m ₦N ₱P ₮T ₩W ¢c £L ¥Y ∂d ℓl ∆A ∑E √v ∀A ∃E";

/** code point of the look-alike → letter */
export const STRICT_LETTERS: ReadonlyMap<number, string> = table(STRICT);
export const LOOSE_LETTERS: ReadonlyMap<number, string> = table(LOOSE);
export const LATIN_LETTERS: ReadonlyMap<number, string> = table(LATIN);

function table(pairs: string): ReadonlyMap<number, string> {
  return new Map(pairs.split(" ").map((pair) => [pair.codePointAt(0) ?? 0, pair.slice(1)]));
}
