// Code of server languages: PHP, JavaScript on servers, Java, Python, Ruby, Perl, ASP.
import { type Rule, rule } from "../rule.ts";

const PHP_CALLS =
  "system|exec|shell_exec|passthru|popen|proc_open|pcntl_exec|assert|eval|create_function|call_user_func(?:_array)?|preg_replace(?:_callback)?|base64_decode|gz(?:inflate|uncompress)|str_rot13|hex2bin|file_(?:get|put)_contents|readfile|fopen|fputs|fwrite|fsockopen|show_source|phpinfo|php_uname|getenv|putenv|ini_[sg]et|scandir|opendir|unlink|chmod|copy|curl_exec|mail|var_dump|print_r|unserialize|extract|array_(?:map|filter|walk)|usort|ob_start|posix_\\w{2,20}|get_defined_\\w{2,20}|mysqli?_\\w{3,20}|chr|die|exit|reflectionfunction|closure::fromcallable|print";

const GADGETS =
  "ForClosure WhileClosure CloneTransformer InstantiateFactory InstantiateTransformer InvokerTransformer PrototypeCloneFactory PrototypeSerializationFactory TemplatesImpl BadAttributeValueExpException";

/**
 * What base64 makes of each name, as Java writes it and in lower case, at each of the three places where it may begin: in
 * lower case, and without the characters that its neighbours have a share in.
 */
function spellings(names: string): string {
  const cased = `${names} ${names.toLowerCase()}`.split(" ");
  const all = cased.flatMap((name) =>
    [0, 1, 2].map((lead) => {
      const text = btoa("\0".repeat(lead) + name).replace(/=+$/, "");
      return text.slice([0, 2, 3][lead], (lead + name.length) % 3 === 0 ? text.length : -1).toLowerCase();
    }),
  );
  return [...new Set(all)].join("|");
}

export const CODE_RULES: readonly Rule[] = [
  rule("code-php-tag", "code", "holds PHP code", {
    needs: "<[{",
    files: true,
    patterns: [
      /<\?(?:php\b|=|\s{0,4}(?:echo|eval|system|exec|passthru|print|include|require|@|\$|phpinfo|assert))|<\?(?!xml|import|mso|xpacket)[\s\w(]{0,80}\(.{0,160}\?>|\[\/?php\]|\[\\php\]|\{\/php\}|<\?\s{1,8}php\b|<\?xml\s{0,4}:\s{0,4}\w|<script\s{1,4}language\s?=\s?["']?php|<\?(?:\s{0,4}\?>|\s?\$_)/,
    ],
  }),
  rule("code-php-call", "code", "calls a PHP function that runs code, reads files or reveals the system", {
    needs: "(",
    patterns: [
      /(?:^|[^\w.$/>-]|[{;@=+|]\s?)@?\\?(?:system|exec|shell_exec|passthru|popen|proc_open|pcntl_exec|assert|create_function|call_user_func(?:_array)?|preg_replace|base64_decode|gzinflate|gzuncompress|str_rot13|convert_uudecode|hex2bin|file_get_contents|file_put_contents|readfile|fopen|fsockopen|highlight_file|show_source|phpinfo|php_uname|phpversion|getenv|putenv|ini_set|ini_get_all|parse_ini_file|scandir|move_uploaded_file|curl_exec|var_dump|unserialize|array_map|array_filter|array_walk|usort|register_shutdown_function|ob_start|posix_\w{2,20}|get_defined_\w{2,20}|set_time_limit|ignore_user_abort|require_once|include_once|fwrite|fputs|error_log|print_r|opendir|readdir)(?:\s{0,4}(?:\/\*.{0,40}?\*\/|#.{0,40}?\n|\/\/.{0,40}?\n)?\s{0,4}\(\s{0,4}(?:["'$\\&\d]|\w{1,24}[(:]|<|_|(?:http|php)|[./]|array|current|curl|cat |ls|id\))|\(\w{1,16}\))/,
      new RegExp(
        `["']\\s{0,2}(?:${PHP_CALLS})\\s{0,2}["']\\s{0,2}\\]?\\)?\\s{0,2}\\(|\\(\\s{0,2}["'](?:${PHP_CALLS})["']|["'][\\w.\\s]{1,12}["']\\s{0,2}\\.\\s{0,2}["'][\\w]{1,12}["']\\s{0,2}\\)\\s{0,2}\\(`,
      ),
      /\b(?:phpinfo|phpversion|php_uname|getenv|shell_exec|passthru|popen|proc_open|fsockopen|pfsockopen|get_defined_\w{2,20}|call_user_func|var_dump|base64_decode|gzinflate|gzdecode|bzdecompress|strrev|show_source|file_exists)\s?=?\s{0,4}\(|\b(?:array|str|pg|mysqli?|ldap|odbc|curl|gz|bz|zlib|mb|preg|image|stream|ob|sodium|openssl|simplexml|zend|tidy|iconv|imap|posix|pcntl|ctype|apache|readline|ini|php|proc|shell|call_user|func_get|get_defined|move_uploaded|rawurl|base64|convert_uu|fsock|pfsock|highlight|register|file_(?:get|put))_[a-z0-9_]{2,60}(?:\(|\s{1,4}\((?:\s{0,4}$|["'$)]))|\bis_(?:callable|array|file|readable|writable|executable|object)\(|\bfputc?s\(|\bescapeshell\w{3,4}\(|(?:^|[^\w$])\$\$?[a-z_]\w{0,24}\s{0,2}(?:\[[^\]]{0,24}\]\]?\s?|\{[^}]{0,24}\}\s?){0,3}\(\s{0,2}(?:\$|["'@]|\d|\))|(?:^|[^\w$])\$\$?[a-z_]\w{2,24}\s{0,2}\(\w{1,16}\)|\$[a-z_]\w{2,24}\s{0,8}\(\s{0,2}\d{1,9}\s?\)|\(\s{0,3}["']?(?:system|exec|passthru|shell_exec|popen|assert|eval|phpinfo)["']?\s{0,3}\)\s{0,3}\(|\[\s{0,3}["']?(?:system|exec|passthru|shell_exec|assert|eval)["']?\s{0,3}\]\s{0,3}\[|\(\s?string\s?\)\s{0,2}["'{]|\(\s{0,2}\$\w{1,16}\s{0,2}\)\s{0,2}\(|["'`]\s{0,2}\^\s{0,2}["'`][^"'`]{0,24}["'`]\s{0,2}\)\s{0,2}\(/,
    ],
  }),
  rule("code-php-variable", "code", "reads PHP's request variables or defines variables", {
    needs: "$",
    patterns: [
      /\$\{?["']?_(?:get|post|request|cookie|server|files|env|session)\b|\$(?:globals|http_(?:raw_post_data|\w{3,8}_vars)|argv|argc|php_errormsg)\b|\$\{\s{0,2}["'$@]|\$\s{1,24}\{\s{0,12}['"$@]|\$\{@?_\s?\.\s?_/,
      // a variable called as a function, with comments and indices in between
      /(?:^|[^\w$])\$\$?\$?[a-z_]\w{0,24}\s{0,4}(?:(?:\/\*.{0,24}?\*\/|(?:\/\/|#)[^\n]{0,24}\n|\[[^\]]{1,16}\])\s{0,4}){1,6}\(\s{0,4}(?:\$|["'@]|\d|\))|\$\$\$[a-z_]\w{0,24}\s?\(|\$\$[a-z_]\w{2,24}\s?\(\s?(?:\$|["'\d])|\}\s?\(\s?(?:\d|["'])[^()]{0,24}\)\s{0,2};|^\s{0,4}\$\{[^}]{1,24}\}\s?\(/,
      /(?:^|[;\s&{(])\$[a-z_]\w{0,24}\s{0,2}(?:\[[^\]]{0,16}\])?\s{0,2}\.?=\s{0,2}(?:["'$&\d[(]|new\b|array\b|\w{1,24}\()/,
    ],
  }),
  rule("code-php-callable", "code", "calls what a parenthesised name or list holds, as only PHP does", {
    needs: "(",
    patterns: [
      /\([a-z]{1,10}\.\([a-z]{1,10}\)\.[a-z]{1,10}\)\s{0,4}\(|\(\s{0,2}\[\s{0,2}["']\w{2,24}["']\s{0,2}\]\s{0,2}\)\s{0,2}\[\s?\d\s?\]\s{0,2}\(|\bdefine\s{0,2}\(\s{0,2}["']\w{1,24}["']\s{0,2},\s{0,2}(?:["'][\w.\s]{1,24}["']\s{0,2}\.|\[)/,
      /(?:^\s{0,4}|\/)@?\\?(?:exec|eval|assert(?:_options)?|system|passthru|fopen|unpack|symlink|chroot|chr|serialize|crypt|filegroup|fileowner|strip_tags|highlight_file)\s{0,4}(?:(?:\/\*.{0,40}?\*\/|(?:\/\/|#)[^\n]{0,40}\n)\s{0,4}){0,3}\(\s{0,4}(?!\d\s?\))[\w$'"]{0,24}\s{0,4}\)\s{0,4};?\s{0,4}$/,
      /(?:call_user_func|fsockopen|gzdecode|gzinflate|gzuncompress|zlib_decode|print_r)\s{0,4}=?\s{0,4}\(|^eval\(\w{1,24}\(/,
    ],
    paranoia: 2,
  }),
  rule("code-php-setting", "code", "changes PHP's settings or names its streams", {
    patterns: [
      /\b(?:allow_url_(?:include|fopen)|auto_(?:prepend|append)_file|disable_functions|open_basedir|safe_mode|suhosin\.simulation|cgi\.force_redirect|zend\.\w{4,30}|opcache\.\w{4,30}|session\.(?:upload|save|auto)\w{0,30}|error_(?:prepend|append)_string|extension_dir|mail\.force|sys_temp_dir|memory_limit|max_execution_time|mbstring\.\w{3,40}|unserialize_\w{3,30}|sendmail_path|zend_extension|assert\.\w{3,12}|xdebug\.\w{4,30}|user_ini\.\w{4,12})\b\s{0,4}[=+]|\bphp:\/\/(?:input|filter|std(?:in|out|err)|memory|temp|fd|output)/,
    ],
  }),
  rule("code-node", "code", "reaches for Node's modules or process", {
    needs: "(.[;",
    patterns: [
      /\brequire\s{0,4}(?:\/\*.{0,20}?\*\/)?\s{0,2}(?:\(\s{0,4}["'`]|\.\s?(?:main|resolve|cache|extensions)\b|\[)|\bchild_process\b|\bprocess\s?(?:\.|\?\.|\[\s?["'`])\s?(?:binding|mainmodule|env|exit|kill|argv|cwd|version|platform|getuid|dlopen|stdout|nexttick|hrtime|memoryusage|abort|exec\w{0,4})\b|\bglobal(?:this)?\s?(?:\.|\[\s?["'`])\s?(?:process|root|require|eval|constructor)|\bmodule\s?\.\s?(?:exports|constructor|parent)\b|\b_load\s?\(/,
      /\b(?:exec|execsync|execfile|spawn|spawnsync|fork|readfilesync|writefilesync|readdirsync|appendfilesync|createreadstream|existssync|unlinksync)\s?\(\s?["'`$\w[]|_\$\$nd_func\$\$_|\b__js_function\b|\bprocess\s?\[\s?(?:req\b|mainmodule|env\b|["'`])|\bthis\s?\.\s?constructor|\bfs\s?\.\s?(?:read|write|open|append|unlink|exists|stat)\w{0,12}\s?\(|\bjson\.(?:parse|stringify)\s?\(\s?process|\bfunction\s?\(\s?\)\s?\{.{1,160}\}\s?\)?\s?\(|\bbuffer\s?\.\s?(?:from|alloc)\w{0,8}\s?\(|\bnew\s{1,4}(?:function|buffer|proxy)\s?\(|\bdo\s?\{.{1,80}\}\s?while\s?\(|\bwhile\(\s{0,2}(?:[!+\-("'`\d]|true|this\)|infinity|new\s|string\))|\bvar\s{1,4}\w{1,16}\s?=\s?new\s{1,4}date\b|\breturn\s?\(\s?(?:true|1|!0)\s?\)|["'\d]\s?;\s?return\s?\(?(?:true|1|!0|this\b|["'])\s{0,2}(?:[;"'})=]|$)|["'\d]\s?;\s?(?:it\s?=|var\s{1,4}\w{1,20}\s?=)/,
      /\bconsole\s?\[\s?["'`]|\bconsole\.(?:log|dir|debug|error|info|warn|table)\s?\(\s?["'`\w]|\barguments\.callee|\bpromise\s?\.\s?(?:resolve|reject|all)\s?\(|\bobject\.(?:assign|defineproperty|setprototypeof|constructor)\s?\(|\breflect\.\w{3,20}\s?\(|\barray\.from\s?\(|\bstring\.raw|\bsymbol\.\w{3,16}\b.{0,8}\(|\.\s?(?:bind|call|apply)\s?`|\.(?:bind|call|apply)\s?\(\s?(?:this|null|undefined|\d|["'`])/,
    ],
  }),
  rule("code-java", "code", "names Java classes that run programs, load code or open files", {
    needs: ".:(",
    patterns: [
      /\bjavax?[./](?:lang|io|util|net|nio|beans|naming|script|sql|rmi|security|awt|management|el|faces|servlet|xml|crypto|activation|imageio)[./](?:[a-z]{1,16}[./]){0,4}(?!\w{0,40}(?:exception|error)\b)[a-z]\w{2,40}|\bjava\.(?:\w{1,24}\.)?(?:runtime|processbuilder|system|process|unmarshaller|base64data)\b/,
      /\b(?:runtime|processbuilder)\b.{0,40}(?:\bexec\b|getruntime|\bfor(?:name|closure)|transformer|factory|templatesimpl|proxyfactory|\.start\s?\(|bag\b)|getruntime\s?\(|\bclass\s?\.\s?(?:forname|module|getclassloader)|\bclassloader\b|\bgetclass\s?\(|\bgetdeclared(?:method|field|constructor)s?\b|\bnewinstance\s?\(|\bscriptenginemanager\b|\bgroovy\.lang|\bbeanshell\b|\bjavassist\b|\bysoserial\b/,
      /\b(?:com|org|net)\.(?:opensymphony|sun|apache|springframework|bea|caucho|mchange|zaxxer|hibernate|jboss|codehaus|mozilla|rometools|python|thoughtworks|ibatis|eclipse|logicalcobwebs|h2|wildfly|clojure|jython|omg|oracle|ibm|netflix|alibaba|fasterxml|quartz|aspectj|richfaces|primefaces|postgresql|vaadin)\.[\w.]{2,80}/,
      /\b(?:class\.module|classpathxml|filesystemxml|inittable|initialcontext|lookup\s?\(\s?["'](?:ldap|rmi|dns))|\bclass\.(?:classloader|protectiondomain)|\bognl(?:context|runtime|util)?\b\.|\b(?:java\.evil|process(?:builder)?\.evil)\b/,
    ],
  }),
  rule("code-java-encoded", "code", "is or holds base64 of the name of a class that runs programs", {
    needsWord: 8,
    patterns: [
      new RegExp(
        `(?<![\\w+/])[\\w+/]?(?:${spellings("Runtime ProcessBuilder")})[\\w+/]?={0,2}(?![\\w+/])|${spellings(GADGETS)}`,
      ),
    ],
    paranoia: 2,
  }),
  rule("code-java-gadget", "code", "names a class that chains of serialised Java objects are built of", {
    patterns: [
      /\b(?:clone|instantiate|invoker|chained|constant|map)transformer\b|\binstantiatefactory\b|\bprototype(?:clone|serialization)factory\b|\bprocessbuilder\b|\bwhileclosure\b|\bforclosure\b|\btemplatesimpl\b|\bjdbcrowset(?:impl)?\b|\bbadattributevalueexp\b|\btransformedmap\b|\blazymap\b|\btiedmapentry\b|\bpriorityqueue\b.{0,40}comparator/,
    ],
  }),
  rule("code-python", "code", "runs Python or reaches for its inner names", {
    needs: "_.(",
    patterns: [
      /__(?:import|class|mro|subclasses|globals|builtins|init|base|bases|getattribute|code|dict|reduce|reduce_ex|getitem|doc|module|self|name|file|loader|spec|call|new|del|enter|exit)__|\bos\s?\.\s?(?:system|popen|exec\w{0,3}|spawn\w{0,3}|environ|listdir|remove|unlink|getcwd|walk)\b|\bsubprocess\s?\.\s?(?:popen|call|run|check\w{0,10}|getoutput)|(?:^|[;\n'"([{])\s{0,8}(?:import|from)\s{1,4}(?:os|sys|subprocess|socket|pty|pickle|commands|platform|builtins|ctypes|importlib|shutil)\b\s?(?:;|$|,|\n|import|as\b)|\b(?:exec|eval|compile|getattr|__import__|open)\s?\(\s?["'][^"'\n]{0,80}["']\s?[,)]\s{0,2}(?:[.,;)\n]|$)|\bplatform\.(?:system|uname|release)\s?\(|\bsocket\.(?:socket|gethostbyname|connect)|\bpty\.spawn|\btime\.sleep\s?\(|\blambda\s?:\s?\w|\bglobals\(\)|\blocals\(\)|\bbuiltins\./,
    ],
  }),
  rule("code-ruby-perl", "code", "runs Ruby, Perl or Lua", {
    needs: "%@.{(`",
    patterns: [
      /\b(?:kernel|io|process|file|dir|open3|erb|object|pstore|marshal|yaml|shellwords|syslog|fileutils|pathname|socket|tcpsocket|net::http)(?:\.|::)(?:exec|system|spawn|popen\d?\w{0,6}|open|read|write|readlines|syscall|fork|new|load|unsafe_load|entries|binread|delete|unlink|sysopen|foreach|glob|each|kill|daemon|detach|for_fd|pipe|select|instance_eval|send|abort|at_exit|binding|require|test|trap|exit|gets|rm\w{0,3}|mv|cp|get)\b|%x(?:\([^)\n]{1,80}\)|\{[^}\n]{1,80}\}|\[[^\]\n]{1,80}\])|@\{\s{0,8}\[|\buse\s{1,4}(?:socket|io|strict|warnings|lwp)\b|\.(?:instance_eval|class_eval|module_eval|instance_variable_get|public_send|const_get|constantize|method_missing|send)\s?\(|\bio\.popen|\bos\.execute\s?\(|\bio\.read\s?\(|\bqx[{/|(]|\brequire\s{1,2}["'](?:open3|socket|net|open-uri|fileutils|pty|yaml|erb)/,
    ],
  }),
  rule("code-asp", "code", "runs ASP, VBScript or .NET code", {
    needs: "(.",
    patterns: [
      /\b(?:response|server)\s?\.\s?(?:write|createobject|execute|mappath|transfer|scripttimeout|end\b|redirect)|\bcreateobject\s?\(|\bwscript\s?\.\s?(?:shell|network|echo)|\bexecute(?:global)?\s?\(\s?["'(\w]{1,24}|\bev\s?al\s?\(\s?["']|\bsystem\.(?:diagnostics|io|net|reflection|web|runtime|management|windows|data|text|convert)\b[.\w]{0,60}\(?|\bprocess\.start\s?\(|\brequest\s?\.\s?(?:form|querystring|item|servervariables)\s?[([]|\bactivexobject\b|\bscripting\.filesystemobject|\bxp_cmdshell\b|\bon error resume next/,
    ],
  }),
  rule("code-web-shell", "code", "is the page of a web shell", {
    needs: "<",
    files: true,
    patterns: [
      /<(?:title|h1|h2|b|center|font)\b[^>]{0,40}>[^<]{0,60}(?:\bweb\s?shell|postwebshell|\b(?:c99|r57|c100|b374k|wso)\s?(?:shell|sh\b)|\bwso\s?\d\.\d|\b(?:php|asp|aspx|jsp|cgi)\s?(?:web)?\s?(?:backdoor|shell)\b|\bwinx shell|\bncc\b.{0,8}shell|aspydrvsinfo|rhtools\b|\bmini\s?shell|\bshell\s?uploader|\balfa\s?(?:shell|team)|\bfilesman\b|\bantichat)|<!--.{0,60}(?:php|asp|jsp)\s?(?:backdoor|web\s?shell)/,
    ],
  }),
  rule("code-jsp", "code", "holds server page code", {
    needs: "<",
    files: true,
    patterns: [
      /<%[@!=]?\s{0,8}(?:page\b|import\b|response|request|runtime|out\.|java|string\s|if\s?\(|eval|execute|=)|<jsp:\w|<%--|<cf(?:execute|script|file|query)\b|<asp:\w/,
    ],
  }),
];
