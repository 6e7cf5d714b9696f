// Passports and other numbered documents that have no check of their own: the word for them must stand before.
import type { DataRule } from "../rule.ts";
import { identity } from "./identity.ts";

export const DOCUMENTS: readonly DataRule[] = [
  identity(
    "passport",
    "passport",
    "a passport's number after its name",
    ["[A-Z]{1,3}\\d{6,9}", "\\d{9}", "[A-Z]\\d{3}[A-Z]\\d{4}", "[A-Z]\\d{2}[A-Z]{2}\\d{5}", "\\d{2}[A-Z]{2}\\d{5}"],
    {
      context: /passport|pasaporte|passeport|reisepass|passaport|paszport|travel document|여권|护照|旅券|паспорт/i,
    },
  ),
  identity(
    "passport_alone",
    "passport",
    "has the form of a passport's number, and nothing else",
    [
      "[A-Z]{2}\\d{7}",
      "[A-Z]{3}\\d{6}",
      "[A-PR-WY][1-9]\\d ?\\d{4}[1-9]",
      "[MSROD]\\d{8}",
      "[MSROD]\\d{3}[A-Z]\\d{4}",
      "[AZ]\\d{8}",
    ],
    { alone: true, priority: 1 },
  ),
  identity("medical_record", "medical_record", "a patient's record number after its name", "\\a{0,4}-?\\d{4,12}", {
    context: /\bmrn\b|medical record|patient (?:id|number|no)/i,
  }),
  identity("employee_id", "employee_id", "an employee's or a student's number after its name", "\\a{0,4}-?\\d{3,10}", {
    context: /(?:employee|student|staff|personnel) (?:id|number|no\.?)[ :#]{0,3}(?:is )?$/i,
  }),
];
