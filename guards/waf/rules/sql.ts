// SQL injection. All of it is found by the tokenizer in `sql/`: no words alone, only what a parser would make of them.
import { type Rule, rule } from "../rule.ts";

export const SQL_RULES: readonly Rule[] = [
  rule("sql-tautology", "sql", "joins a condition that is always true or always false"),
  rule("sql-condition", "sql", "joins a condition that asks the database something"),
  rule("sql-truth", "sql", "breaks out of a string and joins a bare value as condition", { paranoia: 2 }),
  rule("sql-filter", "sql", "joins a plain comparison, as filters do", { severity: "warning", paranoia: 3 }),
  rule("sql-joined-strings", "sql", "breaks out of a string and compares or computes with what follows", {
    paranoia: 2,
  }),
  rule("sql-joined-strings-weak", "sql", "a quote followed by an operator or a comment sign", {
    severity: "warning",
    paranoia: 2,
  }),
  rule("sql-glued", "sql", "closes a string, inserts an expression and opens it again", { paranoia: 2 }),
  rule("sql-union", "sql", "appends a second query with UNION SELECT"),
  rule("sql-select", "sql", "holds a query"),
  rule("sql-subselect", "sql", "holds a query inside an expression"),
  rule("sql-stacked", "sql", "ends the statement and starts another"),
  rule("sql-statement", "sql", "is a statement that changes or controls a database"),
  rule("sql-statement-likely", "sql", "begins like a statement", { paranoia: 3 }),
  rule("sql-cut", "sql", "closes a string and comments out the rest of the statement"),
  rule("sql-semicolon", "sql", "closes a string and ends the statement", { severity: "warning", paranoia: 2 }),
  rule("sql-tail", "sql", "an expression whose rest is commented out", { paranoia: 2 }),
  rule("sql-order", "sql", "counts columns with ORDER BY or GROUP BY"),
  rule("sql-order-alone", "sql", "is nothing but ORDER BY a number", { paranoia: 2 }),
  rule("sql-time", "sql", "makes the database wait"),
  rule("sql-call", "sql", "calls database functions that read or disguise data"),
  rule("sql-call-likely", "sql", "calls a database function that forms have no use for", {
    severity: "error",
    paranoia: 2,
  }),
  rule("sql-variable", "sql", "reads a variable of the database server"),
  rule("sql-schema", "sql", "names a table or package that describes or runs the database"),
  rule("sql-file", "sql", "writes a query's result to a file"),
  rule("sql-chars", "sql", "spells a string with character codes"),
  rule("sql-cast", "sql", "casts a value the way PostgreSQL does", {
    needs: ":",
    patterns: [
      /\w\([^()\n]{0,40}\)\s?::\s?(?:text|int[248]?|integer|bigint|numeric|jsonb?|double\s{1,4}precision|varchar|bool(?:ean)?|bytea)\b/,
    ],
    paranoia: 2,
  }),
  rule("sql-open-call", "sql", "is nothing but the beginning of a call", { paranoia: 2 }),
  rule("sql-constant", "sql", "is a comparison of constants", { paranoia: 2 }),
  rule("sql-comment-glue", "sql", "puts comments where SQL keywords want spaces"),
  rule("sql-fragment", "sql", "is a piece of a query that begins or ends where only SQL goes on", { paranoia: 2 }),
  rule("sql-exponent", "sql", "hides a call behind an empty exponent", {
    needs: ".",
    patterns: [/^[\w=]{0,24}\b\d\.e\.[a-z_]{3,40}$/],
  }),
];
