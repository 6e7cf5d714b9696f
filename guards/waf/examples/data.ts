// Examples of the rules about templates, stores, documents and objects.
import { type Examples, header, path, query } from "./example.ts";

export const DATA_EXAMPLES: Examples = {
  "template-lookup": {
    match: [`\${jndi:ldap://a/b}`, `\${\${lower:j}ndi:x}`, header(`\${jndi:dns://a}`)],
    pass: [`\${amount}`, `\${user.name}`],
  },
  "template-arithmetic": { match: ["{{7*7}}", `\${8*8}`, "<%= 9*9 %>"], pass: ["{{ total }}", `\${price}`] },
  "template-internals": {
    match: ["{{config}}", "{{ x.__class__ }}", `\${T(java.lang.Runtime)}`, "<#assign x='y'>"],
    pass: ["{{ user.name | title }}", "{% if x %}"],
  },
  "template-ognl": { match: ["%{#a=1}", "@java.lang.Math@abs(1)"], pass: ["#{x}", "50%{x}"] },
  "template-polyglot": { match: [`\${{<%[%'"}}%`], pass: [`\${x}`] },
  "template-truth": {
    match: ["{% if true %}4{% endif %}", "<% if 4 == 4 %>"],
    pass: ["{% if user %}a{% endif %}", "<b>", "100% if true"],
  },
  "template-include": { match: ["<!--#exec cmd=x-->"], pass: ["<!-- #5 -->"] },
  "nosql-operator": {
    match: [
      query("1", "user[$ne]"),
      "{$ne: 1}",
      {
        request:
          'POST /v1/origins/a/b HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/json\r\n\r\n{"password":{"$ne":""}}',
      },
    ],
    pass: [
      '{"price": {"$lt": 5, "x": 1}}',
      "US$ne",
      {
        request:
          'POST /v1/origins/a/b HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/json\r\n\r\n{"filter":{"genre":{"$ne":"drama"},"$or":[{"a":{"$gt":4}}]}}',
      },
    ],
  },
  "nosql-script": { match: ["', $where: '4 == 4'", "' && this.name.match(/x/)"], pass: ["where: 4", "this is it"] },
  "nosql-key": {
    match: [{ value: "x", kind: "json", name: "$where" }],
    pass: [{ value: "x", kind: "json", name: "where" }],
  },
  "ldap-filter": { match: ["*)(cn=*", "(|(mail=*))", "x)(&(a=b"], pass: ["f(x)(y)", "(a) & (b)"] },
  "ldap-attribute": { match: ["objectClass=*", "cn:2.5.13.5:=x"], pass: ["object class"] },
  "xpath-query": { match: ["count(/child::node())", "x' or name()='y"], pass: ["count (5)", "a/b[1]"] },
  "xml-entity": { match: ["<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///c'>]>"], pass: ["<!DOCTYPE html>", "<a>b</a>"] },
  "xml-cdata": { match: ["<![CDATA[<script>]]>"], pass: ["<![CDATA[text]]>"] },
  "xml-reference": { match: ["<a>&bc;</a>"], pass: ["<a>&amp;</a>"] },
  "object-java": { match: ["rO0ABXNyAA", "aced0005"], pass: ["ro0a", "faced0001"] },
  "object-php": { match: ['O:4:"Test":1:{s:1:"a";i:1;}'], pass: ["O:4", "a:1:b"] },
  "object-python": { match: ["!!python/object/apply:os.system", "cos\nsystem\n"], pass: ["wow!!", "cosine"] },
  "object-net": {
    match: ["AAEAAAD/////AQ", '{"$type":"System.Windows.Data.X"}'],
    pass: ["AAEAA", '{"type":"system"}'],
  },
  "header-split": {
    match: [query("a%0d%0aSet-Cookie:%20b=c")],
    pass: [query("a%0d%0aNote: b"), "a\r\nLocation: Berlin"],
  },
  "header-split-body": {
    match: ["a\r\nSet-Cookie: b=c", "a\nHTTP/1.1 200"],
    pass: ["a\nLocation: Berlin", "a\nContent-Type: x"],
  },
  "header-split-name": { match: [query("x", "a%0ab")], pass: [query("x%0a", "a")] },
  "header-split-any": { match: [path("/a%0ab")], pass: [query("a%0ab")] },
  "header-request": { match: ["x\nGET /a HTTP/1.1"], pass: ["get /a now"] },
  "header-unicode": { match: [path("/\u560a\u560dset-cookie:a")], pass: ["\u560a"] },
  "mail-command": {
    match: ["a\r\nRCPT TO: b@c.example", "a\nBcc: b@c.example"],
    pass: ["quit now", "cc: b@c.example"],
  },
  "prototype-pollution": {
    match: [
      {
        request:
          'POST /a HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/json\r\n\r\n{"a":{"__proto__":{"b":1}}}',
      },
      {
        request:
          'POST /a HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/json\r\n\r\n{"constructor":{"prototype":{"b":1}}}',
      },
      "__proto__",
      query("1", "a[__proto__][b]"),
      "constructor.prototype",
    ],
    pass: ["proto", "the constructor's prototype"],
  },
  "graphql-introspection": { match: ["{__schema{types{name}}}"], pass: ["{ schema { name } }", "{ __typename }"] },
  formula: { match: ["=cmd|'/C x'!A0", '=HYPERLINK("http://a")'], pass: ["=SUM(A1:A5)", "=5", "-5"] },
  "format-string": { match: ["%x%x%x%x%n", "%1$s%2$s%3$s%4$n"], pass: ["%d of %d", "100%"] },
  "orm-lookup": {
    match: [query("a", "password__startswith"), query("a", "a__b__c__dd__ee")],
    pass: [query("4", "age__gte"), query("x", "author__name__icontains")],
  },
  "number-loop": { match: ["2.2250738585072011e-308"], pass: ["2.25e-308", "2.2250738585072014"] },
  "object-flight": {
    match: ['{"then":"$1:__proto__:then"}', '{"status":"resolved_model"}'],
    pass: ["$1:name", '{"status":"resolved"}'],
  },
  "session-parameter": {
    match: [query("4f", "JSESSIONID"), { value: "4f", kind: "json", name: "phpsessid" }],
    pass: [
      query("4f", "session_id"),
      { request: "GET /a?jsessionid=5 HTTP/1.1\r\nHost: a.example\r\nReferer: https://a.example/\r\n\r\n" },
    ],
  },
  "session-fixation": {
    match: [
      "x.cookie=1;domain=.a.example",
      { request: "GET /a?PHPSESSID=5 HTTP/1.1\r\nHost: a.example\r\nReferer: https://b.example/\r\n\r\n" },
    ],
    pass: [
      { request: "GET /a?PHPSESSID=5 HTTP/1.1\r\nHost: a.example\r\nReferer: https://a.example/\r\n\r\n" },
      "cookie",
    ],
  },
};
