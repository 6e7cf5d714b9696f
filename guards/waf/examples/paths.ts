// Examples of the rules about paths and addresses.
import { type Examples, header, path, query } from "./example.ts";

export const PATH_EXAMPLES: Examples = {
  "path-traversal": {
    match: ["../../a", "..\\..\\a", query("%2e%2e%2f%2e%2e%2fa"), query("..%c0%af..%c0%afa"), "....//....//a"],
    pass: ["../images/a.png", "a...b", "and so on..."],
  },
  "path-traversal-file": {
    match: ["../etc/hosts", "..\\boot.ini", query("..%252fetc%252fpasswd")],
    pass: ["../docs/a.md"],
  },
  "path-parent": { match: ["../a"], pass: ["a..b", "1..5"] },
  "path-parent-route": { match: [path("/a/../b")], pass: [path("/a..b")] },
  "path-system-file": {
    match: ["/etc/passwd", "x /proc/self/environ", "C:\\boot.ini"],
    pass: ["etc.", "win.ini file", "the passwd file in etc"],
  },
  "path-etc": {
    match: [query("/etc/nginx/nginx.conf"), query("/var/log/a/error.log"), query("c:\\xampp\\php\\php.ini")],
    pass: [query("/var/www/html"), query("C:\\Users\\Anna\\a.docx"), query("/account/orders")],
  },
  "path-secret-route": {
    match: [path("/.git/config"), path("/backup.sql"), path("/.env")],
    pass: [path("/.well-known/jwks.json"), path("/index.html")],
  },
  "path-secret-file": {
    match: [query(".git/config"), query("WEB-INF/web.xml")],
    pass: [query("a.env.b"), query("git config")],
  },
  "path-wrapper": {
    match: ["php://filter/x", "file:///a", "expect://id"],
    pass: ["https://a.example", "file:///", "file: a.txt"],
  },
  "path-unc": { match: ["\\\\10.0.0.9\\c"], pass: ["\\a\\b"] },
  "path-upload": {
    match: [header("a.php", "x-file-name"), { value: "a.jsp", kind: "multipart", name: "filename" }],
    pass: [{ value: "a.pdf", kind: "multipart", name: "filename" }, header("a.php")],
  },
  "path-upload-secret": {
    match: [header(".htaccess", "x-filename"), header("sess_0123456789abcdefgh", "x-file-name")],
    pass: [header("notes.txt", "x-filename"), header("session.txt", "x-filename")],
  },
  "path-upload-parent": {
    match: [{ value: "../a.txt", kind: "multipart", name: "filename" }],
    pass: [{ value: "a..b.txt", kind: "multipart", name: "filename" }],
  },
  "path-parent-windows": { match: [query("..\\a")], pass: [query("a\\b"), query("../a")] },
  "ssrf-loop": { match: ["localhost/", "lvh.me/a"], pass: ["localhost", "localhost:3000", "a localhost/ b"] },
  "ssrf-backslashes": { match: ["http://\\a\\b\\c/"], pass: ["http://a/b\\c"] },
  "ssrf-second-host": {
    match: ["http://a.example:80 &@b.example:80/"],
    pass: ["http://a.example/?b&c=@d", "see http://a.example or ask @b"],
  },
  "include-address": {
    match: ["http://203.0.113.9/a.php", "ftp://[2001:db8::9]/x.txt"],
    pass: ["http://203.0.113.9/hook", "https://a.example/b.php"],
  },
  "ssrf-metadata": {
    match: ["http://169.254.169.254/x", "http://metadata.google.internal/"],
    pass: ["http://169.254.1.1/"],
  },
  "ssrf-disguised": {
    match: ["http://2130706433/", "http://0x7f.1/", "http://[::ffff:127.0.0.1]/", "http://127.0.0.1.nip.io/"],
    pass: ["http://a.example/", "http://203.0.113.9/"],
  },
  "ssrf-scheme": { match: ["gopher://a", "dict://a"], pass: ["https://a", "s3://a"] },
  "ssrf-local": { match: ["http://localhost:3000/cb", "http://10.1.2.3/"], pass: ["http://a.example/localhost"] },
  "ssrf-credentials": {
    match: ["https://good.example.com@bad.example.org/", "https://good.example.com%2f@bad.example.org/"],
    pass: ["https://user:pass@git.example.com/", "https://a.example/@b"],
  },
  "ssrf-callback": { match: ["http://x.oast.me/"], pass: ["http://toast.me/"] },
  "redirect-odd": {
    match: ["///a.example", "https:///a.example", "/\\a.example"],
    pass: ["/a/b", "https://a.example/"],
  },
  "include-remote": {
    match: [query("ftp://a.example/x.txt?"), query("http://203.0.113.9/x"), query("https://a.example/x", "app_path")],
    pass: [query("https://a.example/cb?x=1"), query("http://127.0.0.1:8400/")],
  },
};
