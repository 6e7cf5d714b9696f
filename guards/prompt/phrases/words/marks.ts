// Marks, which all languages share.
import type { Words } from "../classes.ts";

export const MARKS: Words = {
  join: ",|，|、|،|-|_|*|**|\n|'|’",
  colon: ":|：",
  close: "]|>|】",
  mark: ":|：|,|，|、|]|>|-|–|—|!|！|.|。|*|**|#|)|】",
};
