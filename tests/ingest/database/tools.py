"""What reporting tools ask of a database, as their logs show, with `bi_once` for their schema."""

QUESTIONS = {
    "pgjdbc, getTables": """
        select n.nspname, c.relname, c.relkind, d.description
        from pg_catalog.pg_namespace n, pg_catalog.pg_class c
        left join pg_catalog.pg_description d
            on (c.oid = d.objoid and d.objsubid = 0 and d.classoid = 'pg_class'::regclass)
        where c.relnamespace = n.oid and n.nspname like 'bi_once' and c.relname like '%'""",
    "pgjdbc, getColumns": """
        select n.nspname, c.relname, a.attname, a.atttypid, a.attnotnull, a.atttypmod, a.attlen,
            t.typtypmod, row_number() over (partition by a.attrelid order by a.attnum),
            nullif(a.attidentity, '') as attidentity, nullif(a.attgenerated, ''),
            pg_catalog.pg_get_expr(def.adbin, def.adrelid) as adsrc, dsc.description
        from pg_catalog.pg_namespace n
        join pg_catalog.pg_class c on (c.relnamespace = n.oid)
        join pg_catalog.pg_attribute a on (a.attrelid = c.oid)
        join pg_catalog.pg_type t on (a.atttypid = t.oid)
        left join pg_catalog.pg_attrdef def on (a.attrelid = def.adrelid and a.attnum = def.adnum)
        left join pg_catalog.pg_description dsc
            on (c.oid = dsc.objoid and a.attnum = dsc.objsubid)
        left join pg_catalog.pg_class dc on (dc.oid = dsc.classoid and dc.relname = 'pg_class')
        where c.relkind in ('r', 'p', 'v', 'f', 'm') and a.attnum > 0 and not a.attisdropped
            and n.nspname like 'bi_once'""",
    "Metabase, tables": """
        select n.nspname as schema, c.relname as name, d.description, stat.n_live_tup
        from pg_catalog.pg_class as c
        inner join pg_catalog.pg_namespace as n on c.relnamespace = n.oid
        left join pg_catalog.pg_description as d
            on c.oid = d.objoid and d.objsubid = 0 and d.classoid = 'pg_class'::regclass
        left join pg_stat_user_tables as stat
            on n.nspname = stat.schemaname and c.relname = stat.relname
        where n.nspname = 'bi_once' and c.relkind in ('r', 'p', 'v', 'f', 'm')""",
    "psqlODBC, SQLColumns": """
        select n.nspname, c.relname, a.attname, a.atttypid, t.typname, a.attnum, a.attlen,
            a.atttypmod, a.attnotnull, c.relhasrules, c.relkind, c.oid,
            pg_get_expr(d.adbin, d.adrelid), attidentity, c.relhassubclass
        from (((pg_catalog.pg_class c
            inner join pg_catalog.pg_namespace n
                on n.oid = c.relnamespace and n.nspname like 'bi_once')
            inner join pg_catalog.pg_attribute a
                on (not a.attisdropped) and a.attnum > 0 and a.attrelid = c.oid)
            inner join pg_catalog.pg_type t on t.oid = a.atttypid)
            left outer join pg_attrdef d
                on a.atthasdef and d.adrelid = a.attrelid and d.adnum = a.attnum""",
    "Npgsql (Power BI), types": """
        select ns.nspname, typ.oid, typ.typname, typ.typtype, typ.typnotnull, cls.relkind
        from pg_type as typ
        join pg_namespace as ns on (ns.oid = typ.typnamespace)
        left join pg_class as cls on (cls.oid = typ.typrelid)
        left join pg_proc as proc on (proc.oid = typ.typreceive)
        left join pg_range on (pg_range.rngtypid = typ.oid)""",
    "SQLAlchemy (Superset), columns": """
        select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
            col_description(c.oid, a.attnum)
        from pg_catalog.pg_class c
        left outer join pg_catalog.pg_attribute a
            on c.oid = a.attrelid and a.attnum > 0 and not a.attisdropped
        join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.relkind = any (array['r', 'p', 'f', 'v', 'm']) and n.nspname = 'bi_once'""",
    "SQLAlchemy (Superset), visible views": """
        select relname from pg_catalog.pg_class
        join pg_catalog.pg_namespace on pg_namespace.oid = relnamespace
        where relkind = 'v' and relpersistence <> 't' and pg_table_is_visible(pg_class.oid)
            and nspname <> 'pg_catalog'""",
    "Grafana, tables": """
        select case when table_schema = any (current_schemas(true)) then quote_ident(table_name)
            else quote_ident(table_schema) || '.' || quote_ident(table_name) end as "table"
        from information_schema.tables
        where quote_ident(table_schema) not in ('information_schema', 'pg_catalog')""",
    "information_schema, columns": """
        select * from information_schema.columns where table_schema = 'bi_once'""",
    "information_schema, views": """
        select * from information_schema.views where table_schema = 'bi_once'""",
}

PSQL = (
    *(r"\d", r"\d bi_once.reacties", r"\d+ bi_once.reacties", r"\dv", r"\dt *.*", r"\dn"),
    *(r"\df bi_once.*", r"\dp bi_once.*", r"\du", r"\l", r"\sv bi_once.reacties"),
)
