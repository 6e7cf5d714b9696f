// Paths that leave their folder or name what no client may read, and wrappers that read it for them.
import { type Rule, rule } from "../rule.ts";

export const PATH_RULES: readonly Rule[] = [
  rule("path-traversal", "path", "climbs out of its folder more than once", {
    needs: ".",
    patterns: [
      /(?:^|[^.\w])\.{2,4}[;\s]{0,2}[/\\]{1,6}(?:(?:\.{0,2}[/\\]{1,4}){0,4})\.{2,4}[;\s]{0,2}(?:[/\\]|$)|(?:[/\\]|^)[^/\\\s]{0,40}[/\\]{1,4}\.\.[/\\]{1,4}\.\.(?:[/\\]|$)/,
      /\.\.[/\\]{1,6}[^/\\\s]{1,64}[/\\]{1,6}\.\.[/\\]{1,6}/,
      /(?:\.{1,3}[/\\]{1,3}){3,12}/,
    ],
  }),
  rule("path-traversal-file", "path", "climbs out of its folder to a file of the system", {
    needs: ".",
    patterns: [
      /\.\.[^\w]{1,12}(?:[\w.-]{1,24}[/\\]{1,4}){0,3}(?:etc|proc|windows|winnt|boot\.ini|win\.ini|system32|web-inf|meta-inf|usr|var|root|home|passwd|shadow|\{file\}|inetpub|\.git|\.env|\.ssh|\.aws|\.ht\w{4,8}|wp-config|web\.config|config\.\w{2,5})(?:[/\\.%?#:;&\s]|$)/,
      /\.\.[/\\]{1,4}\.\w|\.[\\/]{1,3}\\?\.?[/\\]{0,3}.{0,4}(?:etc[/\\]{1,3}(?:passwd|shadow|issue|hosts|group)|boot\.ini|win\.ini|windows[/\\]{1,3}system32)/,
    ],
  }),
  rule("path-parent", "path", "climbs one folder up", {
    needs: ".",
    patterns: [/(?:^|[/\\=:;,?&\s])\.\.(?:[/\\]|;\/|$)/],
    severity: "warning",
    paranoia: 2,
    kinds: ["query", "form", "cookie", "header", "json", "multipart", "text", "xml"],
  }),
  rule("path-parent-route", "path", "climbs up inside the request's own path", {
    needs: ".",
    patterns: [/(?:^|[/\\])\.\.(?:[/\\;]|$)|[/\\]\.[/\\]\.?[/\\]/],
    kinds: ["path"],
  }),
  rule("path-system-file", "path", "names a file of the operating system that holds accounts, keys or settings", {
    needs: "/\\.",
    patterns: [
      /(?:^|[^\w])(?:etc[/\\]{1,6}(?:\.?[/\\]{1,3}|[^/\\\s]{1,12}[/\\]\.\.[/\\]{1,3})?(?:passwd|shadow|gshadow|sudoers|master\.passwd|security[/\\](?:passwd|environ|group|limits|user))|proc[/\\]{1,3}(?:self|version|cmdline|cpuinfo|mounts|net|\d{1,6}|sched_debug|meminfo|kcore|environ)\b|system32[/\\]|\.ssh[/\\]|id_(?:rsa|dsa|ecdsa|ed25519)\b|ntuser\.dat|sam\b[/\\]|repair[/\\]sam\b|\.bash_history|\.mysql_history|\.pgpass|\.aws[/\\]cred|\.kube[/\\]config|\.docker[/\\]config|(?<=[/\\:=])(?:boot|win)\.ini\b(?!(?:\s|%20|\+)\w)|dev[/\\](?:random|urandom|zero|mem|fd[/\\]))|^(?:boot|win)\.ini(?:\0|$|%)/,
    ],
  }),
  rule("path-etc", "path", "is a path of the system's settings or logs", {
    needs: "/\\",
    patterns: [
      /^["']?(?:file:\/{1,3})?[/\\]{1,8}(?:\.{1,2}[/\\]{1,4}){0,8}(?:etc|proc|boot|root|sys|lost\+found)(?:[/\\]|$)/,
      /^["']?[/\\]{0,4}(?:private[/\\])?(?:var|usr|opt|home\d?|library|volumes|system|program files(?: \(x86\))?|srv|tmp|dev|bin|sbin|logs?|apache\d?|nginx|xampp|www|web|users|winnt|windows|\w{1,16})[/\\](?:[\w. -]{1,32}[/\\]){0,7}(?:etc|logs?|conf|config|adm|cron|spool|mail|run|bin|apache\d?|httpd|nginx|mysql|ssh|pure-ftpd|proftpd|webnames-conf|php\d{0,2}|sbin|security)(?:[/\\][\w.@ -]{0,40}){0,4}\.?(?:conf|cnf|cfg|ini|log|logs|pdb|db|err|pem|key|pid|passwd|access|error|list|xml|dat|inf|sav|evt|evtx)?\d{0,2}\s{0,2}$/,
      /^["']?\/?[a-z]:[/\\]{1,4}(?:(?:windows|winnt|[\w .()-]{1,32})[/\\]{1,4}){0,8}(?:inetpub|xampp|wamp|lampp|apache\d?(?: group)?|nginx|mysql|php\d?|httpd|repair|config|sysprep|minint|unattend(?:ed)?|system volume information|system32)(?:[/\\.]|$)|^["']?\/?[a-z]:[/\\]{1,4}(?:[\w .()-]{1,40}[/\\]{1,4}){0,8}(?:boot\.ini|autoexec\.bat|config\.sys|ntldr|pagefile\.sys|(?:access|error)[._-]?log|(?:win|php|system|desktop|my)\.ini|my\.cnf|httpd\.conf|web\.config|global\.asa|ntuser\.\w{2,4}|setup\.log|unattend\.\w{2,4}|eula\.txt)/,
      /^["']?(?:[a-z]:)?[/\\]{1,4}(?:inetpub|wwwroot)(?:[/\\\s]|$)/,
    ],
    kinds: ["query", "form", "cookie", "header", "json", "multipart", "text", "xml"],
    paranoia: 2,
  }),
  rule("path-secret-route", "path", "asks for a file that holds an application's source, secrets or history", {
    patterns: [
      /^\/@(?:fs\/|id\/__x00__)|(?:^|[/\\])\.(?!well-known(?:[/\\]|$)|\.|[/\\]|$)[\w.-]{2,64}(?:[/\\]|$)|(?:^|[/\\])\w{0,24}(?:backup|dump|database|\.sql)\w{0,12}\.(?:zip|tar|t?gz|bz2|rar|7z|sql)$|(?:^|[/\\])(?:proc|sys)[/\\](?:class|interrupts|kernel|devices|fs|\d{1,6}|self)|(?:^|[/\\])\.(?:git|svn|hg|bzr|env|aws|ssh|docker|kube|npmrc|pypirc|netrc|htaccess|htpasswd|ds_store|idea|vscode|bash_\w{4,8}|profile|well-known\/\.\.|ht\w{3,10}|dockerenv|gitlab-ci\.yml|travis\.yml|my\.cnf|s3cfg|boto|pgpass|subversion|cvs|config|ftpconfig|remote-sync\.json|vimrc|viminfo|rediscli_history|node_repl_history|python_history|sqlite_history|psql_history|zsh_history|sh_history)(?:[/\\.]|$)/,
      /(?:^|[/\\])(?:wp-config(?:\.\w{2,6}){1,3}|web\.config|web-inf|meta-inf|phpinfo\.php|id_rsa|config\.inc\.php|localsettings\.php|composer\.(?:json|lock)|settings\.php|appsettings\.json|secrets\.(?:ya?ml|json)|credentials(?:\.\w{2,5})?|docker-compose\.ya?ml|dump\.rdb|privkey\.pem|server\.key|\.\.htpasswd)(?:[/\\?]|$)/,
      /\.(?:bak|backup|old|orig|save|swp|swo|sql|sqlite3?|mdb|rdb|db|pem|key|pfx|p12|jks|kdbx|ini|cfg|conf|log|inc|dist|tmp|asa|asax|ascx|axd|backup|bat|cdx|cer|cmd|com|config|cs|csproj|csr|dat|dbf|dll|dos|htr|htw|ida|idc|idq|java|licx|lnk|mst|pdb|pol|printer|pwd|resources|resx|shtm|stm|sys|vb|vbs|vbproj|vsdisco|webinfo|xsd|xsx)~?$|~(?:$|\/)/,
    ],
    kinds: ["path"],
    paranoia: 2,
  }),
  rule("path-secret-file", "path", "names a file that holds an application's source, secrets or history", {
    needs: "./\\",
    patterns: [
      /(?:^|[/\\=])(?:\.(?:git[/\\]\w|env(?:\.\w{2,12})?$|htaccess|htpasswd|npmrc$|netrc$|svn[/\\]|docker[/\\]|kube[/\\]|ssh[/\\]|aws[/\\])|[\w-]{1,24}\.sql\.(?:zip|gz|bz2|7z)$|wp-config\.|web\.config\b|web-inf[/\\]|meta-inf[/\\]|phpinfo\.php|global\.asa\b)/,
    ],
    kinds: ["query", "form", "cookie", "json", "multipart", "header", "text", "xml"],
    paranoia: 2,
  }),
  rule("path-wrapper", "path", "reads or runs a file through a stream wrapper", {
    needs: ":",
    patterns: [
      /(?:^|[^\w])(?:php:\/\/|phar:\/\/|zip:\/\/|expect:\/\/|glob:\/\/|rar:\/\/|ogg:\/\/|ssh2(?:\.\w{1,8})?:\/\/|compress\.\w{1,8}:\/\/|zlib:|netdoc:|jar:(?:https?|file|ftp):|file:(?:\/{2,4}|\\\\)[^\s/]|local_file:|url:(?:file|https?):|data:\/\/text|data:[\w/+;=,-]{0,40}base64,pd9w|sftp:\/\/|view-source:file|bzip2:\/\/|cifs:\/\/|smb:\/\/|unix:\S{1,400}\|)/,
    ],
  }),
  rule("path-unc", "path", "reaches for a file on another host by a UNC or drive path", {
    needs: "\\",
    patterns: [/^\\\\(?:[\w-]{0,64}[.:][\w.:-]{1,64}|\[[\da-f:]{2,40}\])\\[\w$.-]{1,40}|\b[a-z]\$\\/],
    paranoia: 2,
  }),
  rule("path-upload", "path", "uploads a program that servers execute", {
    needs: ".",
    patterns: [
      /\.(?:php\d?|phtml|phar|phps|pht|phtm|jspx?|jspf?|aspx?|asp|ashx|asmx|cer|asa|cfm|cgi|pl|htaccess|shtml?|exe|bat|cmd|ps1|war)[\s.;:%]{0,4}(?:\.(?:jpe?g|png|gif|pdf|txt|bak)|::\$data)?$/,
    ],
    kinds: [],
  }),
  rule("path-upload-secret", "path", "uploads a file that servers read settings, keys or sessions from", {
    paranoia: 2,
  }),
  rule("path-upload-parent", "path", "uploads a file to a folder above", { paranoia: 2 }),
  rule("path-parent-windows", "path", "begins with a climb in Windows' spelling", {
    needs: "\\",
    patterns: [/^\.\.\\[\w.]|(?:0x5c|\\)0x2e\.?[/\\]|\.\.[;,]\.\\/],
    kinds: ["query", "form", "cookie", "header", "multipart"],
    paranoia: 2,
  }),
];
