// The words by which SQL is told from prose. A word alone never convicts: `judge.ts` asks what it stands next to.

function set(words: string): ReadonlySet<string> {
  return new Set(words.split(" "));
}

/** Join two conditions, or open one. */
export const LOGIC_WORDS = set("or and xor where having on when not if elseif while until");

/** Compare, in words. */
export const COMPARE_WORDS = set(
  "like rlike regexp ilike is in between similar glob match sounds div mod contains startswith",
);

/** Calls that read, wait or write: nobody types them into a form. */
export const STRONG_FUNCTIONS = set(
  "sleep benchmark pg_sleep pg_sleep_for pg_read_file pg_ls_dir extractvalue updatexml load_file load_extension " +
    "xp_cmdshell xp_dirtree xp_fileexist xp_regread randomblob group_concat concat_ws wm_concat listagg " +
    "string_agg xmlagg aes_decrypt aes_encrypt des_encrypt make_set name_const gtid_subset gtid_subtract " +
    "row_count sqlite_version found_rows last_insert_id session_user system_user current_user current_database " +
    "current_setting fn_varbintohexstr openrowset opendatasource openquery serverproperty db_name object_id " +
    "object_name col_name is_srvrolemember has_dbaccess host_name suser_name suser_sname user_name lo_import " +
    "lo_export lo_get lo_put query_to_xml database_to_xml filetoclob filetoblob json_depth json_extract json_keys polygon " +
    "multipoint geometrycollection multilinestring linestring find_in_set ctxsys utl_inaddr utl_http utl_encode " +
    "regexp_substring connection_id charindex patindex sqlid_to_sqlhash receive_message get_host_address unhex " +
    "substring_index json_table st_latfromgeohash st_pointfromgeohash bin_to_num generate_series",
);

/** Calls that are harmless alone and telling inside one another or in a condition. */
export const FUNCTIONS = set(
  "ascii ord substr substring mid left right hex conv char chr nchar concat version database user schema length " +
    "len char_length character_length bit_length octet_length lower upper lcase ucase lpad rpad ltrim rtrim trim " +
    "reverse replace repeat instr locate position cast convert count min max sum avg now curdate curtime sysdate " +
    "getdate rand random floor ceil ceiling round abs sign sin cos tan cot asin acos atan pi pow power sqrt exp " +
    "log ln greatest least if iif ifnull isnull nullif coalesce nvl elt field export_set bin oct md5 sha1 sha " +
    "sha2 crc32 password encrypt compress uncompress encode decode inet_aton inet_ntoa format quote space strcmp " +
    "soundex date_format date_add date_sub datediff dateadd datepart year month day hour minute second " +
    "unix_timestamp from_unixtime to_char to_number to_date to_hex to_base64 from_base64 unicode typeof printf " +
    "zeroblob total_changes changes uuid newid row values default exists any some all coercibility collation " +
    "charset benchmark interval bit_count bit_and bit_or bit_xor std stddev variance utc_date utc_time " +
    "current_date current_time current_timestamp isempty array_agg rawtohex hextoraw xmltype stuff nlssort",
);

/** Values that need no quotes. */
export const CONSTANTS = set("null true false default unknown");

/** May stand before an operand and change nothing. */
export const PREFIXES = set(
  "not binary distinct all any some n collate _utf8 _utf8mb4 _latin1 _binary _ucs2 prior unique",
);

/** What may follow a table or a value in a statement; anything else makes it prose. */
export const CLAUSES = set(
  "from where order group having limit offset union except intersect minus into join inner outer left right cross natural on using as procedure for fetch with window values set returning asc desc lock when then else end and or xor like is in between collate cascade restrict add modify column rename if not identified to",
);

/** Words whose presence makes a trailing comment look like a cut. */
export const TELLING = set(
  "select union insert update delete drop where having order group limit from or and xor not like rlike regexp binary between case cast convert exec execute declare null into procedure collate escape div mod sounds",
);

/** Tables that describe a database. */
export const SCHEMA_WORDS = set(
  "information_schema sysobjects syscolumns sysusers sysdatabases sqlite_master sqlite_schema " +
    "sqlite_temp_master pg_catalog pg_user pg_shadow pg_tables pg_database pg_stat_activity all_tables all_users " +
    "user_tables user_tab_columns dba_users dba_tables msysaccessobjects msysaces msysobjects msysqueries " +
    "xp_cmdshell xp_dirtree xp_regread sp_password sp_executesql sp_oacreate sp_configure sp_makewebtask " +
    "sp_addextendedproc sp_addlogin sp_help master..sysdatabases rdb$fields rdb$types rdb$database rdb$relations " +
    "dbms_pipe dbms_lock dbms_utility dbms_xmlgen dbms_ldap utl_inaddr utl_http utl_smtp ctxsys sysibm syscat " +
    "performance_schema innodb_table_stats",
);
