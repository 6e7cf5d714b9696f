// Examples of the SQL rules.
import { type Examples, query } from "./example.ts";

export const SQL_EXAMPLES: Examples = {
  "sql-tautology": {
    match: ["7 or 4=4", "x') or ('b'='b", query("9%27+oR+7%3D7--"), "5 aNd 3<>4"],
    pass: ["this or that = fine", "2, and 3 = 3", "a and b"],
  },
  "sql-condition": {
    match: ["3 and length(database())>2", "q' and role='admin' --", "1 or (select 1)=1"],
    pass: ["so is exp(x) and log(x)", "price > 3 and size < 9"],
  },
  "sql-truth": { match: ["z' or 1", "' or true; rest"], pass: ["5' or 6' tall", "yes or no"] },
  "sql-filter": { match: ["10 and status = open"], pass: ["salt and pepper"] },
  "sql-joined-strings": {
    match: ["'='", "b' like 'b", "' | 'x"],
    pass: ["rock 'n' roll", "poem 'if'", '<a href="/a/">b</a>'],
  },
  "sql-joined-strings-weak": { match: ["admin '#"], pass: ["item #5"] },
  "sql-glued": { match: ["b'||name||'", "' is 0 or '4"], pass: ["4' x 6' rug", '"red" + "blue" + "green"'] },
  "sql-union": {
    match: ["-5 union all select 4,5,6", "8/**/UnIoN/**/sElEcT/**/1", query("1%2520union%2520select%25201,2")],
    pass: ["the union select committee met", "union selected a few friends"],
  },
  "sql-select": {
    match: ["select name, secret from accounts where id = 3", "select count(*) from orders"],
    pass: ["please select one from the list", "select a plan"],
  },
  "sql-subselect": {
    match: ["(select password from staff limit 1)"],
    pass: ["(select one)", "(select all that apply)"],
  },
  "sql-stacked": {
    match: ["4; drop table staff", "x'; exec xp_dirtree --"],
    pass: ["select a plan; drop off the keys", "declare goods; create table decorations; go"],
  },
  "sql-statement": {
    match: ["insert into log values (1)", "delete from staff where 1"],
    pass: ["insert coin", "delete from my list", "update set available"],
  },
  "sql-statement-likely": { match: ["drop table staff"], pass: ["drop the table"] },
  "sql-cut": { match: ["root'--", "root') #", "root'/*"], pass: ["children's -- blue and red", "the end --"] },
  "sql-semicolon": { match: ["root';"], pass: ["root;"] },
  "sql-tail": { match: ["(4) group by version() --"], pass: ["paper (8 x 11) --"] },
  "sql-order": { match: ["3 order by 12--", "x' order by 4#"], pass: ["order by 5 pm", "order by phone"] },
  "sql-order-alone": { match: ["order by 9"], pass: ["order by mail"] },
  "sql-time": {
    match: ["sleep(9)", "waitfor delay '0:0:9'", "benchmark(9999999,md5(1))"],
    pass: ["sleep (well)", "is it OK to sleep(8 hours)"],
  },
  "sql-call": {
    match: ["load_file('/a/b')", "hex(substr(name,2,1))", "find_in_set('4', kinds)", "updatexml(1,2,3)"],
    pass: ["=LEFT(A1,2)", "length (cm)"],
  },
  "sql-call-likely": { match: ["json_extract(doc, '$.a')"], pass: ["json extract"] },
  "sql-variable": { match: ["@@version", "@@datadir"], pass: ["me@@home", "@mention"] },
  "sql-schema": { match: ["information_schema.tables", "sqlite_master"], pass: ["information schema", "schema"] },
  "sql-file": { match: ["1 into outfile '/tmp/x'"], pass: ["into the wild"] },
  "sql-chars": { match: ["char(65)+char(66)", "chr(99)||chr(100)"], pass: ["char (a letter)"] },
  "sql-open-call": { match: ["substring(", "length&&("], pass: ["fun(", "now()", "what a time ("] },
  "sql-constant": { match: ["4=4", "7 like 7"], pass: ["a=b", "5 > 3", "2+2=4"] },
  "sql-cast": { match: ["password::int", "f(x)::text"], pass: ["std::string", "::1", "f(x)::g(y)"] },
  "sql-comment-glue": { match: ["4/**/or/**/x", "/*!50000union*/ x"], pass: ["*/* and more", "/* note */ text"] },
  "sql-fragment": {
    match: [
      "AND hidden = 4",
      "union  select",
      "x' or 17 <",
      ") like (",
      "; truncate logs",
      "from orders where paid = 0",
      "root@a.example';",
      "in (4, 5",
      "or '{\"a\":4}' @> '{}'",
      "\u2019 or \u20195\u2019=\u20195",
    ],
    pass: [
      "and so it was",
      "union jack",
      '"union jack',
      "or what?",
      "the boys'; the girls'",
      "from here where we stand",
      "in (some) cases",
      ":) and so on",
      "import a from 'b';",
      "status in (4, 5)",
      "or 5 more",
    ],
  },
  "sql-exponent": { match: ["1.e(name)", "4.e.staff"], pass: ["1.e4", "i.e. (name)", "1.e.g. this"] },
};
