"""Keys in their armour, connection strings, headers, commands and files that hold credentials."""

from __future__ import annotations

from .rule import LONG, SecretRule
from .shapes import title


def _rule(
    name: str,
    regex: str,
    *keywords: str,
    kind: str = "",
    grade: str = "unless_blank",
    starts: bool = False,
    window: tuple[int, int] = (120, 600),
    group: int = 1,
    confidence: str = "high",
    rank: int = 0,
    entropy: float = 0.0,
    is_word: bool = False,
) -> SecretRule:
    return SecretRule(
        name, title(name), regex, group, entropy, keywords, type=kind, grade=grade,
        starts=starts, window=window, confidence=confidence, rank=rank, is_word=is_word,  # type: ignore[arg-type]
    )  # fmt: skip


_B64 = r"[0-9A-Za-z+/]"
_KEY_END = r"(?:\s|\\[rnt]|\\{1,2})*-----END[ A-Z0-9]{0,40}-----"

KEYS = (
    _rule("private-key", rf"(-----BEGIN[ A-Z0-9]{{0,40}}PRIVATE KEY(?: BLOCK)?-----(?:[\w+/=:,.\-()@ \t\r\n\"'`<>|#*;]|\\+[rnt])*?(?:{_KEY_END}|{_B64}{{60}}[\w+/=\s\\]*))",
          "-----BEGIN", kind="PRIVATE_KEY", grade="pem", starts=True, window=LONG),
    _rule("ssh2-private-key", rf"(---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\s[\s\S]*?{_B64}{{40}}[\w+/=\s]*)", "---- BEGIN SSH2", kind="PRIVATE_KEY", grade="pem", starts=True, window=LONG),
    _rule("putty-private-key", rf"(PuTTY-User-Key-File-\d: [\s\S]*?Private-Lines: \d+\s+{_B64}{{20}}[\w+/=\s]*)", "PuTTY-User-Key-File", kind="PRIVATE_KEY", grade="", starts=True, window=LONG),
    _rule("private-key-base64", rf"(LS0tLS1CRUdJTi[0-9A-Za-z+/]{{20,}}UFJJVkFURSBLRVkt{_B64}{{20,}}={{0,2}}|LS0tLS1CRUdJTi(?:BSU0Eg|BPUEVOU1NIIF|BFQyBQUk|BQUklWQVRF|BQR1Ag){_B64}{{60,}}={{0,2}})", "LS0tLS1CRUdJTi", kind="PRIVATE_KEY", grade="", starts=True, window=LONG),
    _rule("jwk-private-key", r'("kty"\s*:\s*"(?:RSA|EC|OKP|oct)"[^{}]*?"(?:d|k)"\s*:\s*"[\w-]{20,}")', '"kty"', kind="PRIVATE_KEY", grade="", window=(600, 4000)),
    _rule("jwk-private-key-last", r'("(?:d|k)"\s*:\s*"[\w-]{20,}"[^{}]*?"kty"\s*:\s*"(?:RSA|EC|OKP|oct)")', '"kty"', kind="PRIVATE_KEY", grade="", window=(3000, 60)),
    _rule("xml-private-key", r"(<RSAKeyValue>[\s\S]*?<D>[0-9A-Za-z+/=\s]{40,}</D>)", "<RSAKeyValue>", kind="PRIVATE_KEY", grade="", starts=True, window=LONG),
    _rule("wireguard-private-key", rf"(?i)PrivateKey\s*=\s*({_B64}{{43}}=)", "PrivateKey", kind="PRIVATE_KEY", grade="", starts=True),
    _rule("dnssec-private-key", rf"(Private-key-format: v\d[\s\S]*?(?:PrivateKey|PrivateExponent): {_B64}{{20,}}=*)", "Private-key-format", kind="PRIVATE_KEY", grade="", starts=True, window=LONG),
    _rule("minisign-secret-key", r"(RWRTY0Iy[0-9A-Za-z+/]{100,}={0,2})", "RWRTY0Iy", kind="PRIVATE_KEY", grade="", starts=True),
    _rule("ethereum-private-key", r"(?i)(?:private|priv|wallet|deployer|eth|account)[\w.\- ]{0,20}[\"']?\s*[:=]\s*[\"'\[]{0,2}(0x[0-9a-f]{64})(?:[^\w]|$)", "private", "wallet", "deployer", kind="PRIVATE_KEY", grade="unless_blank", starts=True),
    _rule("bitcoin-private-key", r"(?:wif|WIF|priv\w*|PRIV\w*|dumpprivkey|importprivkey)[\"'\s:=]{1,6}([5KLc9][1-9A-HJ-NP-Za-km-z]{50,51})(?:[^\w]|$)", "wif", "priv", kind="PRIVATE_KEY", entropy=4, starts=True),
    _rule("extended-private-key", r"([xyzt]prv[1-9A-HJ-NP-Za-km-z]{107,108})(?:[^\w]|$)", "xprv", "yprv", "zprv", "tprv", kind="PRIVATE_KEY", grade="", starts=True, entropy=4),
)  # fmt: skip

TOKENS_IN_PARTS = (
    _rule("jwt", r"(?:^|[^\w.+/-])(ey[0-9A-Za-z_-]{15,}\.ey[0-9A-Za-z/\\_-]{15,}(?:\.[0-9A-Za-z/\\_-]*={0,2})?)", ".ey", kind="JWT", grade="jwt", window=(1500, 3000)),
    _rule("jwt-base64", r"(?:^|[^\w+/])(ZXlK[0-9A-Za-z+/\-_]{60,}={0,2})", "ZXlK", kind="JWT", grade="", starts=False, window=LONG, entropy=3.5),
    _rule("jwe", r"(?:^|[^\w.+/-])(eyJ[\w-]{15,}\.[\w-]{20,}\.[\w-]{10,24}\.[\w-]{10,}\.[\w-]{16,30})(?:[^\w.-]|$)", "eyJ", kind="JWT", grade="", entropy=4, window=LONG),
    _rule("paseto", r"(v[1-4]\.local\.[\w-]{40,}(?:\.[\w-]+)?)", ".local.", grade="", window=(4, 1000)),
    _rule("fernet-token", r"(gAAAAA[\w-]{90,}={0,2})", "gAAAAA", grade="", starts=True, entropy=4, confidence="low", window=LONG),
    _rule("macaroon", r"(AgE[A-Z][\w-]{60,}|MDAx[\w-]{60,})", "MDAx", grade="", starts=True, entropy=4.2, confidence="medium"),
)  # fmt: skip

_HOST = r"[\w.\-\[\]:]*"
CONNECTIONS = (
    _rule("password-in-url", r"(?s-i)://[^\s/@:\"'<>()`,;|]{0,100}:([^\s/@\"'<>`|,]{2,200})@" + _HOST, "://", grade="url", starts=True, is_word=False),
    _rule("url-of-contribsys", r"(https?://[0-9a-f]{8}:[0-9a-f]{8}@(?:gems|enterprise)\.contribsys\.com)", "contribsys.com", kind="BASIC_AUTH_URL", window=(60, 10)),
    _rule("token-in-url", r"(?i)(?:https?|git|ssh)://([\w-]{20,120})@[\w.-]+", "https://", "http://", kind="BASIC_AUTH_URL", starts=True, entropy=3.4, grade="service", confidence="medium"),
    _rule("jdbc-url", r"(?i)(jdbc:[a-z0-9:]+[^\s\"'<>]{5,300}?[?;&](?:user(?:name)?|password|pwd)=[^\s\"'<>]+)", "jdbc:", kind="CONNECTION_STRING", grade="connection", starts=True),
    _rule("jdbc-oracle", r"(?i)(jdbc:oracle:[a-z]+:[^\s/\"'@]+/[^\s\"'@]{2,100}@[^\s\"']+)", "jdbc:oracle", kind="CONNECTION_STRING", grade="connection", starts=True),
    _rule("azure-storage-connection", r"(?i)(DefaultEndpointsProtocol=https?;[^\s\"'<>]{0,200}?AccountKey=[0-9A-Za-z+/]{40,100}={0,2})", "DefaultEndpointsProtocol", kind="CONNECTION_STRING", starts=True),
    _rule("azure-bus-connection", r"(?i)(Endpoint=(?:sb|https|amqps)://[^\s\"'<>]{5,200}?(?:SharedAccess|Access)Key=[0-9A-Za-z+/=]{20,120})", "Endpoint=", kind="CONNECTION_STRING", starts=True),
    _rule("azure-iot-connection", r"(?i)(HostName=[^\s\"'<>;]{5,100};[^\s\"'<>]{0,200}?SharedAccessKey=[0-9A-Za-z+/=]{20,120})", "HostName=", kind="CONNECTION_STRING", starts=True),
    _rule("azure-account-key", r"(?i)((?:AccountKey|SharedAccessKey|EventHubKey)\s*=\s*[0-9A-Za-z+/]{40,100}={0,2})", "AccountKey", "SharedAccessKey", starts=True),
    _rule("ado-connection", r"(?i)((?:Server|Data Source|Host|Addr|Address|Provider|Driver|Initial Catalog|Database|Dbq|dsn)\s*=[^\"'<>\r\n]{1,250}?;\s*(?:Password|Pwd)\s*=\s*[^;\"'<>\s{}$%*]{3,100})", "Server=", "Data Source=", "Provider=", "Host=", "Driver=", "Initial Catalog=", "Database=", "Server =", "Data Source =", "Address=", kind="CONNECTION_STRING", grade="connection", starts=True, is_word=True),
    _rule("ado-connection-reversed", r"(?i)((?:Password|Pwd)\s*=\s*[^;\"'<>\s{}$%*]{3,100};[^\"'<>\r\n]{0,200}?(?:Server|Data Source|Host|Initial Catalog|Database)\s*=\s*[^;\"'<>\s]+)", "Password=", "Pwd=", kind="CONNECTION_STRING", grade="connection", starts=True),
    _rule("libpq-connection", r"(?i)((?:host|dbname|user)=[^\s\"',]+\s(?:\w+=[^\s\"',]+\s){0,6}?password=[^\s\"'${}<>*,]{3,100})", "host=", "dbname=", "user=", kind="CONNECTION_STRING", grade="connection", starts=True, is_word=True),
    _rule("mysql-dsn", r"(\b[\w.\-]{1,60}:[^\s@/:\"'<>{}$]{2,100}@(?:tcp|unix)\([\w.:/\-]+\)/\w*)", "@tcp(", "@unix(", kind="CONNECTION_STRING", grade="", window=(180, 200)),
    _rule("sentry-dsn", r"(https://[0-9a-f]{32}(?::[0-9a-f]{32})?@[\w.\-]+/\d+)", "sentry", "ingest.", kind="BASIC_AUTH_URL", window=(80, 60), grade="", confidence="medium"),
    _rule("odbc-uid-password", r"(?i)(\bu(?:ser )?id\s*=\s*[^;\"'\r\n]{1,60};\s*(?:Password|Pwd)\s*=\s*[^;\"'<>\s{}$%*]{3,100})", "uid=", "user id=", "uid =", kind="CONNECTION_STRING", grade="connection", starts=True, is_word=True),
    _rule("oracle-login", r"(?i)(?:sqlplus|sqlldr|expdp|impdp|rman|connect)\s+(?:-\w\s+)*(\w+/[^\s@/\"'$<{]{4,60}@[\w.:/]+)", "sqlplus", "sqlldr", "expdp", "impdp", kind="CONNECTION_STRING", starts=True),
)  # fmt: skip

HEADERS = (
    _rule("authorization-header", r"(?i)authorization[\"'`\])]{0,3}\s{0,4}(?:[:=,]|=>|\s)\s{0,4}[\"'`f(]{0,3}(?:(?:bearer|token|api-?token|api-?key|apikey|key|oauth|splunk|bot|jwt|genie ?key|sso-key|client|digest|negotiate|snowflake token=|token token=|pat|private-token|pve\w+=)\s{1,3}:?[\"']?)?([\w.~+/=@!\-:|%]{10,})", "authorization", grade="header", rank=2, starts=True, confidence="medium", window=LONG),
    _rule("bearer-token", r"(?i)bearer[\s:=\"'+]{1,6}([\w.~+/=\-|:]{16,})", "bearer", grade="header", rank=2, starts=True, is_word=True, entropy=3, confidence="medium", window=LONG),
    _rule("basic-auth-header", r"(?i)basic\s{1,3}[\"']?([0-9a-z+/]{8,400}={0,2})(?:[^\w+/=]|$)", "basic", kind="BASIC_AUTH_URL", grade="basic", starts=True, is_word=True),
    _rule("api-key-header", r"(?i)(?:x-[\w-]{0,30}|private-|deploy-|job-|ocp-apim-|api-?)(?:token|key|secret|api|auth|pat)[\"'`]{0,2}\s{0,4}[:=,]\s{0,4}[\"'`]{0,2}([\w.~+/=\-]{8,400})", "x-", "private-token", "deploy-token", "job-token", "ocp-apim-", "api-token", "api-key", "apikey", "apitoken", grade="header", rank=2, starts=True, is_word=True, entropy=2.4, confidence="medium"),
    _rule("curl-auth-user", r"(?s)curl\b(?:[^\n]|\\\r?\n){0,300}?\s(?:-u|--user|-U|--proxy-user)(?:\s{1,3}|=)?[\"']?([^\s\"'<>]{0,80}:[^\s\"'<>]{1,120}|[^\s\"'<>:]{1,80}:)[\"'\s]", "curl", kind="BASIC_AUTH_URL", grade="user", starts=True, is_word=True, confidence="high"),
    _rule("curl-auth-header", r"(?si)curl\b(?:[^\n]|\\\r?\n){0,500}?\s(?:-H|--header)(?:\s{1,3}|=)?[\"'](?:authorization|[\w-]*(?:token|key|secret|auth)):\s{0,3}(?:(?:bearer|token|api-token|basic)\s+)?([\w.~+/=@!\-:|]{8,})[\"']", "curl", grade="header", starts=True, is_word=True, rank=1, window=LONG),
    _rule("cookie-session", r"(?i)(?:set-)?cookie[\"']?\s*[:=]\s*[\"']?[^\r\n]{0,200}?(?:session(?:id)?|sid|auth|token|jsessionid|phpsessid|connect\.sid)=([\w.%+/=\-]{20,400})", "cookie", rank=2, starts=True, is_word=True, entropy=3.2, confidence="medium"),
)  # fmt: skip

_OPTION = r"[\"'=\s]{1,3}"
COMMANDS = (
    _rule("login-option", r"(?:mysql|mysqldump|mysqladmin|mariadb)\s[^\r\n|;]{0,120}?-p([^\s\"'\-$<{][^\s\"']{3,60})", "mysql", "mariadb", kind="PASSWORD", grade="password", starts=True, is_word=True, confidence="medium"),
    _rule("sshpass-option", r"sshpass\s+-p\s{0,2}[\"']?([^\s\"'$<{][^\s\"']{3,80})", "sshpass", kind="PASSWORD", starts=True),
    _rule("registry-login", r"(?:docker|podman|helm|oc|az|skopeo|buildah|nerdctl)\s(?:[\w-]+\s){0,3}login\b[^\r\n]{0,200}?\s(?:-p|--password|--token|--creds)[=\s]{1,2}[\"']?([^\s\"'$<{][^\s\"']{3,300})", "docker", "podman", "helm", "skopeo", "buildah", "oc login", "az login", kind="PASSWORD", starts=True, is_word=True),
    _rule("redis-option", r"redis-cli\s[^\r\n|;]{0,120}?-a\s+[\"']?([^\s\"'$<{][^\s\"']{3,80})", "redis-cli", kind="PASSWORD", starts=True),
    _rule("net-use", r"(?i)net\s+use\s[^\r\n]{0,120}?/user:\S+\s+([^\s\"'%$<{*/][^\s\"']{3,60})", "net use", kind="PASSWORD", starts=True),
    _rule("windows-credential", r"(?i)(?:ConvertTo-SecureString\s+(?:-String\s+)?|New-Object\s+[\w.]*PSCredential[^\r\n]{0,40})[\"']([^\"'$\s]{4,100})[\"']", "ConvertTo-SecureString", "PSCredential", kind="PASSWORD", starts=True),
    _rule("user-add-password", r"(?i)(?:useradd|usermod|chpasswd|htpasswd|net user|mkpasswd|echo)\s[^\r\n|;]{0,80}?(?:-p\s+|-b\w*\s+\S+\s+\S+\s+|\S+:)([^\s\"'$<{|][^\s\"'|]{4,60})[\"']?\s*(?:\|\s*(?:sudo )?chpasswd|$|\n)", "useradd", "usermod", "chpasswd", "htpasswd", kind="PASSWORD", grade="password", window=(60, 200), confidence="medium"),
    _rule("sql-password", r"(?i)(?:identified\s+(?:with\s+\w+\s+)?by|set\s+password[^\r\n]{0,60}?(?:=|password\()|with\s+(?:encrypted\s+)?password|(?:alter|create)\s+(?:user|role|login)\s+\S+\s+(?:with\s+)?password)[\s=(]{0,4}N?'([^'\s]{3,100})'", "identified", "set password", "with password", "encrypted password", "alter user", "create user", "create login", "create role", "alter role", kind="PASSWORD", starts=True),
)  # fmt: skip

FILES = (
    _rule("kubernetes-secret-yaml", r"(?si)kind:[ \t]*[\"']?secret[\"']?\s(?:.*?\n)?[ \t]*data:[ \t]*\r?\n(?:[ \t]*#[^\n]*\n|[ \t]*[\w.\-]+:[ \t]*[\"']{2}?[ \t]*\r?\n)*[ \t]*[\w.\-]+:[ \t]*(?:[|>][+-]?\s+)?[\"']?([0-9A-Za-z+/]{8,}={0,3})[\"']?(?:\s|$|\\)", "kind:", grade="encoded", starts=True, window=(0, 2000)),
    _rule("kubernetes-secret-data-first", r"(?si)\n[ \t]*data:[ \t]*\r?\n(?:[ \t]*#[^\n]*\n)*[ \t]+[\w.\-]+:[ \t]*(?:[|>][+-]?\s+)?[\"']?([0-9A-Za-z+/]{8,}={0,3})[\"']?[ \t]*\r?\n(?:[^{]*?\n)?[ \t]*kind:[ \t]*[\"']?secret[\"']?\s*(?:\n|$)", "kind:", grade="encoded", window=(2000, 40)),
    _rule("kubernetes-secret-string-data", r"(?si)kind:[ \t]*[\"']?secret[\"']?\s(?:.*?\n)?[ \t]*stringData:[ \t]*\r?\n[ \t]*[\w.\-]+:[ \t]*[\"']?([^\s\"'{}$<]{6,200})", "kind:", starts=True, grade="password", window=(0, 2000), confidence="medium"),
    _rule("docker-config-auth", r"(?i)\"auth\"\s*:\s*\"([0-9a-z+/]{8,400}={0,2})\"", '"auth"', grade="basic", starts=True, is_word=False),
    _rule("npmrc-auth", r"(?i)_auth(?:token)?\s*=\s*[\"']?([0-9a-z+/\-_.]{10,400}={0,2})", "_auth", grade="key", starts=True, entropy=2.5),
    _rule("npmrc-password", r"(?i)_password\s*=\s*[\"']?([0-9a-z+/]{8,200}={0,2})(?:[\s\"']|$)", ":_password", grade="unless_blank", window=(10, 260), kind="PASSWORD"),
    _rule("netrc-password", r"(?i)machine\s+\S+\s+(?:login|user)\s+\S+\s+(?:password|passwd)\s+(\S{3,200})", "machine", kind="PASSWORD", starts=True, is_word=True),
    _rule("netrc-default-password", r"(?i)login\s+[^\s=:,\"']+\s+password\s+([^\s\"',;]{4,200})(?:\s|$)", "login", kind="PASSWORD", grade="password", starts=True, is_word=True, confidence="medium"),
    _rule("pgpass", r"(?m)^[\w.\-*]+:(?:\d{2,5}|\*):[\w.\-*]+:[\w.\-]+:([^\s:]{4,100})$", ":5432:", ":*:", kind="PASSWORD", window=(80, 200)),
    _rule("crypt-hash", r"(\$(?:1|5|6|y|gy|7|md5|sha1|apr1)\$(?:rounds=\d+\$)?[./0-9A-Za-z$]{1,40}\$[./0-9A-Za-z]{20,90})", "$1$", "$5$", "$6$", "$y$", "$7$", "$apr1$", "$sha1$", starts=True, grade="", confidence="medium", entropy=3),
    _rule("bcrypt-hash", r"(\$2[abxy]\$\d\d\$[./0-9A-Za-z]{53})", "$2a$", "$2b$", "$2y$", "$2x$", starts=True, grade="", confidence="medium", entropy=3),
    _rule("argon2-hash", r"(\$argon2(?:id|i|d)\$[\w=,$+/.\-]{40,300})", "$argon2", starts=True, grade="", confidence="medium"),
    _rule("scrypt-hash", r"(\$(?:scrypt|s0|pbkdf2(?:-sha\d+)?|phpass|P|H)\$[\w=,$+/.\-]{28,300})", "$scrypt$", "$s0$", "$pbkdf2", "$P$", "$H$", starts=True, grade="", confidence="medium", entropy=3),
    _rule("django-hash", r"((?:pbkdf2_sha\d+|bcrypt_sha256|argon2|scrypt|sha1|md5)\$[\w$+/.=,\-]{40,200})", "pbkdf2_sha", "bcrypt_sha256$", starts=True, grade="", confidence="medium", entropy=3.5),
    _rule("ldap-hash", r"(?i)(\{(?:SSHA|SHA|SMD5|MD5|SSHA256|SSHA512|SHA256|SHA512|CRYPT|PBKDF2\w*)\}[0-9A-Za-z+/$.=]{16,160})", "{ssha", "{sha", "{smd5}", "{md5}", "{crypt}", "{pbkdf2", starts=True, grade="", confidence="medium", entropy=3),
    _rule("htpasswd-entry", r"(?m)^([\w.@-]{1,60}:\{?(?:SHA|\$apr1\$|\$2y\$)\}?[./0-9A-Za-z+=$]{20,80})$", "{SHA}", grade="", window=(80, 120), confidence="medium"),
    _rule("shadow-entry", r"(?m)^([a-z_][\w.\-]{0,31}:[./0-9A-Za-z]{13}:\d{4,6}:\d*:\d*:\d*:)", ":99999:", grade="", window=(120, 20), confidence="medium"),
    _rule("mysql-hash", r"(?:^|[^\w*])(\*[0-9A-F]{40})(?:\W|$)", "identified", "mysql", "password", grade="", entropy=3, confidence="medium"),
    _rule("ntlm-hash", r"([\w.$\-]{1,40}:\d{3,7}:[0-9a-fA-F]{32}:[0-9a-fA-F]{32}:::)", ":::", grade="", window=(150, 4), confidence="medium"),
    _rule("cisco-password", r"(?i)(?:enable|username\s+\S+(?:\s+privilege\s+\d+)?)\s+(?:secret|password)\s+(?:level\s+\d+\s+)?(?:[05789]\s+)?([^\s]{4,100})", "enable secret", "enable password", "username", kind="PASSWORD", starts=True, is_word=True, grade="password", confidence="medium"),
    _rule("cisco-type-7", r"(?i)(?:password|key|secret)\s+7\s+([0-9A-F]{8,80})(?:\s|$)", "password 7", "key 7", "secret 7", kind="PASSWORD", starts=True, grade="", confidence="medium"),
    _rule("snmp-community", r"(?i)snmp-server\s+community\s+(\S{4,60})", "snmp-server community", starts=True, confidence="medium"),
    _rule("juniper-secret", r"(\$9\$[\w./\-]{8,120})", "$9$", starts=True, grade="", confidence="medium", entropy=2.8),
    _rule("ansible-vault", r"(\$ANSIBLE_VAULT;[\d.]+;AES256[\s\S]{0,40}?[0-9a-f]{60,})", "$ANSIBLE_VAULT", starts=True, grade="", confidence="low"),
    _rule("wordpress-salt", r"(?i)define\s*\(\s*['\"](?:AUTH|SECURE_AUTH|LOGGED_IN|NONCE)_(?:KEY|SALT)['\"]\s*,\s*['\"]([^'\"\r\n]{20,100})['\"]", "_salt", "_key", window=(40, 200), entropy=3.5),
    _rule("php-define-password", r"(?i)define\s*\(\s*['\"][\w]*(?:PASS(?:WORD|WD)?|SECRET|TOKEN|PWD)['\"]\s*,\s*['\"]([^'\"\r\n\s]{4,100})['\"]", "define", kind="PASSWORD", grade="password", starts=True, is_word=True, confidence="medium"),
    _rule("laravel-app-key", r"(base64:[0-9A-Za-z+/]{43}=)(?:[^\w+/=]|$)", "base64:", starts=True, entropy=4),
    _rule("rails-secret-key-base", r"(?i)secret_?key_?base[\"']?\s*[:=]\s*[\"']?([0-9a-f]{64,128})(?:\W|$)", "secret_key_base", "secretkeybase", starts=True, entropy=3),
    _rule("django-secret-key", r"(?i)SECRET_KEY\s*=\s*[rub]?[\"']((?:django-insecure-)?[^\"'\r\n\s]{30,100})[\"']", "SECRET_KEY", starts=True, entropy=3.5),
    _rule("aspnet-machine-key", r"(?i)<machineKey[^>]*?(?:validationKey|decryptionKey)=\"([0-9A-F]{32,128})", "<machineKey", starts=True, entropy=3),
    _rule("gpp-cpassword", r"(?i)cpassword=\"([0-9A-Za-z+/=]{16,200})\"", "cpassword", kind="PASSWORD", starts=True),
    _rule("unattend-password", r"(?is)<(?:Administrator|User)?Password>\s*<Value>([^<]{4,200})</Value>", "Password>", kind="PASSWORD", grade="password", window=(20, 200), confidence="medium"),
    _rule("maven-server-password", r"(?is)<server>.{0,300}?<password>([^<$\s{]{3,100})</password>", "<server>", kind="PASSWORD", starts=True),
    _rule("gcp-service-account", r"(?s)\"type\"\s*:\s*\"service_account\".{0,400}?\"private_key_id\"\s*:\s*\"([0-9a-f]{40})\"", "service_account", window=(40, 600), grade="", confidence="medium"),
    _rule("google-oauth-installed", r"(?s)\"client_secret\"\s*:\s*\"([\w-]{20,60})\"", '"client_secret"', starts=True, grade="key", confidence="medium", rank=1),
    _rule("kubeconfig-token", r"(?:client-key-data|token):\s*[\"']?([0-9A-Za-z+/._=-]{30,})", "client-key-data", kind="PRIVATE_KEY", starts=True, window=LONG, entropy=3.5),
    _rule("kubernetes-bootstrap-token", r"(?:--token[ =]|token[:=]\s*|\s)[\"']?([0-9a-z]{6}\.[0-9a-z]{16})(?:[^\w.]|$)", "--token", "kubeadm", "bootstrap", entropy=3),
    _rule("filezilla-password", r"(?i)<Pass(?: encoding=\"base64\")?>([^<]{3,200})</Pass>", "<Pass", kind="PASSWORD", starts=True, is_word=False),
)  # fmt: skip

STRUCTURES: tuple[SecretRule, ...] = (
    *KEYS, *TOKENS_IN_PARTS, *CONNECTIONS, *HEADERS, *COMMANDS, *FILES,
)  # fmt: skip
