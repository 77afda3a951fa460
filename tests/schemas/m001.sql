PRAGMA foreign_keys = OFF;
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'gochim','m001_captures_articles_versions_changes','2026-11-27 02:16:47.660641+00:00');
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
INSERT INTO "about" VALUES('extractor','made:1');
CREATE TABLE articles (
        article TEXT PRIMARY KEY,
        url TEXT NOT NULL,
        section TEXT NOT NULL,
        title TEXT NOT NULL,
        source TEXT,
        source_code TEXT,
        published TEXT,
        version INTEGER NOT NULL,
        versions INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('live', 'suspect', 'removed')),
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        last_checked TEXT NOT NULL,
        last_changed TEXT NOT NULL
    ) STRICT;
INSERT INTO "articles" VALUES('148930267','https://www.example.kr/news/policyNewsView.do?newsId=148930267','policy-news','마을 도서관 열두 곳이 새로 문을 연다','문화체육관광부','A00012','2026-09-15T18:00:00+09:00',3,3,'removed','2026-09-15T09:00:00.000000+00:00','2026-09-18T09:00:00.000000+00:00','2026-09-22T21:00:00.000000+00:00','2026-09-18T09:00:00.000000+00:00');
CREATE TABLE attachments (
        version_id INTEGER NOT NULL REFERENCES versions(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        file_id TEXT NOT NULL,
        name TEXT NOT NULL,
        media_type TEXT,
        sha256 TEXT,
        text_sha256 TEXT,
        PRIMARY KEY (version_id, position)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "attachments" VALUES(1,0,'197000001','보도자료.hwpx','application/hwp+zip','cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd',NULL);
INSERT INTO "attachments" VALUES(2,0,'197000001','보도자료.hwpx','application/hwp+zip','cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd',NULL);
INSERT INTO "attachments" VALUES(3,0,'197000001','보도자료.hwpx','application/hwp+zip','cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd',NULL);
CREATE TABLE captures (
        id INTEGER PRIMARY KEY,
        run TEXT NOT NULL REFERENCES runs(run),
        captured_at TEXT NOT NULL,
        url TEXT NOT NULL,
        method TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('response', 'revisit', 'failure')),
        status INTEGER,
        media_type TEXT,
        location TEXT,
        warc TEXT NOT NULL,
        offset INTEGER NOT NULL,
        length INTEGER NOT NULL,
        record_id TEXT NOT NULL UNIQUE,
        payload_digest TEXT,
        payload_sha256 TEXT,
        payload_length INTEGER NOT NULL DEFAULT 0,
        truncated TEXT,
        failure TEXT,
        failure_detail TEXT NOT NULL DEFAULT '',
        refers_to TEXT,
        etag TEXT,
        last_modified TEXT,
        retry INTEGER NOT NULL DEFAULT 0,
        role TEXT NOT NULL,
        article TEXT,
        filed INTEGER NOT NULL DEFAULT 0 CHECK (filed IN (0, 1))
    ) STRICT;
INSERT INTO "captures" VALUES(1,'20260915T090000Z-made','2026-09-15T09:00:00.000000+00:00','https://www.example.kr/news/policyNewsView.do?newsId=148930267','GET','response',200,'text/html',NULL,'warc/made-20260915.warc.gz',1007,913,'urn:uuid:ab1eb5a0-30e0-5ae3-aad4-2bdfef3adad4','sha1:46CJR6IE7Y25PM7NN72AHT35NF34Y4NT','556dcbf069a950eb94f3a0e8dd8b11bd62c73c625a3d71e0eec53ed6496151c5',2,NULL,NULL,'',NULL,'"a"','Tue, 15 Sep 2026 09:00:00 GMT',0,'article','148930267',1);
INSERT INTO "captures" VALUES(2,'20260915T090000Z-made','2026-09-16T09:00:00.000000+00:00','https://www.example.kr/news/policyNewsView.do?newsId=148930267','GET','revisit',304,'text/html',NULL,'warc/made-20260915.warc.gz',2007,913,'urn:uuid:9691c236-4715-534e-908a-33151c3f0568','sha1:46CJR6IE7Y25PM7NN72AHT35NF34Y4NT','556dcbf069a950eb94f3a0e8dd8b11bd62c73c625a3d71e0eec53ed6496151c5',2,NULL,NULL,'','urn:uuid:ab1eb5a0-30e0-5ae3-aad4-2bdfef3adad4','"a"',NULL,0,'article','148930267',1);
INSERT INTO "captures" VALUES(3,'20260915T090000Z-made','2026-09-17T09:00:00.000000+00:00','https://www.example.kr/news/policyNewsView.do?newsId=148930267','GET','response',200,'text/html',NULL,'warc/made-20260915.warc.gz',3007,913,'urn:uuid:588ea90e-da8b-5357-9ba4-09c548e9fdec','sha1:7C7XVE4QL2DCBIRPWIKHF7RAFW745EZC','ca76b1284fc2088d64d762434c316563ba821562c05c14e50ed04045763875b9',1,NULL,NULL,'',NULL,NULL,NULL,0,'article','148930267',1);
INSERT INTO "captures" VALUES(4,'20260915T090000Z-made','2026-09-18T09:00:00.000000+00:00','https://www.example.kr/news/policyNewsView.do?newsId=148930267','GET','response',200,'text/html',NULL,'warc/made-20260915.warc.gz',4007,913,'urn:uuid:10112869-7464-58a9-a3bb-7638b463f1e1','sha1:46CJR6IE7Y25PM7NN72AHT35NF34Y4NT','556dcbf069a950eb94f3a0e8dd8b11bd62c73c625a3d71e0eec53ed6496151c5',2,NULL,NULL,'',NULL,NULL,NULL,1,'article','148930267',1);
INSERT INTO "captures" VALUES(5,'20260915T090000Z-made','2026-09-19T09:00:00.000000+00:00','https://www.example.kr/news/policyNewsView.do?newsId=148930267','GET','failure',NULL,NULL,NULL,'warc/made-20260915.warc.gz',5007,913,'urn:uuid:caf92a29-9984-5e0e-aae2-52ef68d29e2f',NULL,NULL,0,NULL,'timeout','no answer in 30 s',NULL,NULL,NULL,0,'article','148930267',1);
INSERT INTO "captures" VALUES(6,'20260920T090000Z-late','2026-09-20T09:00:00.000000+00:00','https://www.example.kr/news/policyNewsView.do?newsId=148930267','GET','response',404,'text/html',NULL,'warc/late-20260920.warc.gz',1007,913,'urn:uuid:6ca5df00-d16b-53c7-aac4-a809024ea6ca','sha1:U3P55KR2ISSMKLKEFBEEPVYWBCJLIAL6','283bb9deef02e6843abfb538efa1eca70801bd8a701c3f98191e123496339247',4,NULL,NULL,'',NULL,NULL,NULL,0,'article','148930267',1);
INSERT INTO "captures" VALUES(7,'20260920T090000Z-late','2026-09-21T15:00:00.000000+00:00','https://www.example.kr/news/policyNewsView.do?newsId=148930267','GET','response',404,'text/html',NULL,'warc/late-20260920.warc.gz',2007,913,'urn:uuid:e2f36d41-d2bf-5759-8ede-5cf3784285ad','sha1:U3P55KR2ISSMKLKEFBEEPVYWBCJLIAL6','283bb9deef02e6843abfb538efa1eca70801bd8a701c3f98191e123496339247',4,NULL,NULL,'',NULL,NULL,NULL,0,'article','148930267',1);
INSERT INTO "captures" VALUES(8,'20260920T090000Z-late','2026-09-22T21:00:00.000000+00:00','https://www.example.kr/news/policyNewsView.do?newsId=148930267','GET','response',404,'text/html',NULL,'warc/late-20260920.warc.gz',3007,913,'urn:uuid:805cc451-dc7f-5b17-ac3c-597557edde01','sha1:U3P55KR2ISSMKLKEFBEEPVYWBCJLIAL6','283bb9deef02e6843abfb538efa1eca70801bd8a701c3f98191e123496339247',4,NULL,NULL,'',NULL,NULL,NULL,0,'article','148930267',1);
INSERT INTO "captures" VALUES(9,'20260915T090000Z-made','2026-09-15T09:00:00.000000+00:00','https://www.example.kr/common/download.do?fileId=197000001','GET','response',200,'application/x-download',NULL,'warc/made-20260915.warc.gz',10007,913,'urn:uuid:b1fad320-902a-56b1-97a3-fe198eae0429','sha1:Z2PUJPB5GSATHNDSEZUFVD3VXPYX45L3','c35b21d6ca39aa7cc3b79a705d989f1a6e88b99ab43988d74048799e3db926a3',3,NULL,NULL,'',NULL,NULL,NULL,0,'file',NULL,0);
INSERT INTO "captures" VALUES(10,'20260915T090000Z-made','2026-09-16T09:00:00.000000+00:00','https://www.example.kr/common/download.do?fileId=197000001','GET','revisit',200,'application/x-download',NULL,'warc/made-20260915.warc.gz',11007,913,'urn:uuid:dba6c8a2-0779-53b8-8878-bcc0d86e73c1','sha1:Z2PUJPB5GSATHNDSEZUFVD3VXPYX45L3','c35b21d6ca39aa7cc3b79a705d989f1a6e88b99ab43988d74048799e3db926a3',3,NULL,NULL,'','urn:uuid:b1fad320-902a-56b1-97a3-fe198eae0429',NULL,NULL,0,'file',NULL,0);
INSERT INTO "captures" VALUES(11,'20260915T090000Z-made','2026-09-16T15:00:00.000000+00:00','https://www.example.kr/foreign','GET','revisit',200,'text/html',NULL,'warc/made-20260915.warc.gz',12007,913,'urn:uuid:9263ab12-7fac-5c38-934a-9ef03495d67a','sha256:abcdef',NULL,0,NULL,NULL,'','urn:uuid:not-in-this-archive',NULL,NULL,0,'other',NULL,0);
INSERT INTO "captures" VALUES(12,'20260915T090000Z-made','2026-09-16T16:00:00.000000+00:00','https://www.example.kr/moved','GET','response',302,NULL,'https://www.example.kr/','warc/made-20260915.warc.gz',13007,913,'urn:x-odd:record',NULL,NULL,0,NULL,NULL,'',NULL,NULL,NULL,0,'other',NULL,0);
INSERT INTO "captures" VALUES(13,'20260915T090000Z-made','2026-09-16T16:00:00.000000+00:00','https://www.example.kr/cut','POST','response',200,'text/html',NULL,'warc/made-20260915.warc.gz',14007,913,'urn:uuid:dcd6b6f9-c64b-51fe-8c3d-b5a762440fc0',NULL,'2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881',1,'disconnect',NULL,'',NULL,NULL,NULL,0,'other',NULL,0);
INSERT INTO "captures" VALUES(14,'20260920T090000Z-late','2026-09-23T17:00:00.000000+00:00','https://www.example.kr/news/policyNewsView.do?newsId=148930267','GET','response',200,'text/html',NULL,'warc/made-20260915.warc.gz',20007,913,'urn:uuid:ad9df98e-8242-5895-a186-135709969b27','sha1:BNFPKRWT5U6SPIARXNAYDVE7YD2OI3YN','28ed1f7d8986d21d30a52e74f33e84795ccfb41d890e91941f129f677a3590a5',1,NULL,NULL,'',NULL,NULL,NULL,0,'article','148930267',0);
CREATE TABLE change_labels (
        change TEXT NOT NULL REFERENCES changes(id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        label TEXT NOT NULL,
        PRIMARY KEY (change, position)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "change_labels" VALUES('148930267.1',0,'body');
INSERT INTO "change_labels" VALUES('148930267.2',0,'body');
INSERT INTO "change_labels" VALUES('148930267.1',1,'money');
INSERT INTO "change_labels" VALUES('148930267.2',1,'money');
INSERT INTO "change_labels" VALUES('148930267.2',2,'revert');
CREATE TABLE changes (
        id TEXT PRIMARY KEY,
        article TEXT NOT NULL,
        url TEXT NOT NULL,
        section TEXT NOT NULL,
        title TEXT NOT NULL,
        source TEXT,
        kind TEXT NOT NULL CHECK (kind IN ('edited', 'removed', 'restored', 'moved', 'attachment-replaced')),
        from_version INTEGER,
        to_version INTEGER,
        old_last_seen TEXT NOT NULL,
        new_first_seen TEXT NOT NULL,
        checks_between INTEGER NOT NULL,
        weight TEXT NOT NULL CHECK (weight IN ('substance', 'wording', 'cosmetic')),
        disclosure TEXT NOT NULL,
        fields TEXT NOT NULL CHECK (json_valid(fields)),
        facts TEXT NOT NULL CHECK (json_valid(facts)),
        old_capture INTEGER NOT NULL REFERENCES captures(id),
        new_capture INTEGER NOT NULL REFERENCES captures(id)
    ) STRICT;
INSERT INTO "changes" VALUES('148930267.1','148930267','https://www.example.kr/news/policyNewsView.do?newsId=148930267','policy-news','마을 도서관 열두 곳이 새로 문을 연다','문화체육관광부','edited',1,2,'2026-09-16T09:00:00.000000+00:00','2026-09-17T09:00:00.000000+00:00',0,'substance','silent','[{"field":"body","ops":[{"new":"예산은 5억 원이다.","new_index":0,"old":"예산은 3억 원이다.","old_index":0,"op":"replace","words":[["keep","예산은 "],["delete","3"],["insert","5"],["keep","억 원이다."]]}]}]','[{"kind":"money","new":"5억 원","new_value":500000000,"old":"3억 원","old_value":300000000,"ratio":0.6667}]',2,3);
INSERT INTO "changes" VALUES('148930267.2','148930267','https://www.example.kr/news/policyNewsView.do?newsId=148930267','policy-news','마을 도서관 열두 곳이 새로 문을 연다','문화체육관광부','edited',2,3,'2026-09-17T09:00:00.000000+00:00','2026-09-18T09:00:00.000000+00:00',0,'substance','silent','[{"field":"body","ops":[{"new":"예산은 3억 원이다.","new_index":0,"old":"예산은 5억 원이다.","old_index":0,"op":"replace","words":[["keep","예산은 "],["delete","5"],["insert","3"],["keep","억 원이다."]]}]}]','[{"kind":"money","new":"3억 원","new_value":300000000,"old":"5억 원","old_value":500000000,"ratio":-0.4}]',3,4);
INSERT INTO "changes" VALUES('148930267.3','148930267','https://www.example.kr/news/policyNewsView.do?newsId=148930267','policy-news','마을 도서관 열두 곳이 새로 문을 연다','문화체육관광부','removed',3,NULL,'2026-09-18T09:00:00.000000+00:00','2026-09-20T09:00:00.000000+00:00',1,'substance','unknown','[]','[]',4,6);
CREATE TABLE checks (
        article TEXT NOT NULL,
        checked_at TEXT NOT NULL,
        capture INTEGER NOT NULL REFERENCES captures(id),
        outcome TEXT NOT NULL,
        version INTEGER,
        PRIMARY KEY (article, checked_at, capture)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "checks" VALUES('148930267','2026-09-15T09:00:00.000000+00:00',1,'read',1);
INSERT INTO "checks" VALUES('148930267','2026-09-16T09:00:00.000000+00:00',2,'read',1);
INSERT INTO "checks" VALUES('148930267','2026-09-17T09:00:00.000000+00:00',3,'read',2);
INSERT INTO "checks" VALUES('148930267','2026-09-18T09:00:00.000000+00:00',4,'read',3);
INSERT INTO "checks" VALUES('148930267','2026-09-19T09:00:00.000000+00:00',5,'unreachable',NULL);
INSERT INTO "checks" VALUES('148930267','2026-09-20T09:00:00.000000+00:00',6,'gone',NULL);
INSERT INTO "checks" VALUES('148930267','2026-09-21T15:00:00.000000+00:00',7,'gone',NULL);
INSERT INTO "checks" VALUES('148930267','2026-09-22T21:00:00.000000+00:00',8,'gone',NULL);
CREATE TABLE runs (
        run TEXT PRIMARY KEY,
        started_at TEXT NOT NULL,
        ended_at TEXT,
        finish TEXT,
        portal TEXT NOT NULL,
        software TEXT NOT NULL,
        removal_checks INTEGER NOT NULL CHECK (removal_checks >= 1),
        removal_days REAL NOT NULL CHECK (removal_days >= 0),
        requests INTEGER NOT NULL DEFAULT 0
    ) STRICT;
INSERT INTO "runs" VALUES('20260915T090000Z-made','2026-09-15T09:00:00.000000+00:00',NULL,NULL,'https://www.example.kr','gochim/0.1',3,2.0,0);
INSERT INTO "runs" VALUES('20260920T090000Z-late','2026-09-20T09:00:00.000000+00:00',NULL,NULL,'https://www.example.kr','gochim/0.1',3,1.5,0);
CREATE TABLE versions (
        id INTEGER PRIMARY KEY,
        article TEXT NOT NULL,
        version INTEGER NOT NULL CHECK (version >= 1),
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        url TEXT NOT NULL,
        section TEXT NOT NULL,
        title TEXT NOT NULL,
        subtitles TEXT NOT NULL CHECK (json_valid(subtitles)),
        published TEXT,
        source TEXT,
        source_code TEXT,
        author TEXT,
        body TEXT NOT NULL CHECK (json_valid(body)),
        images TEXT NOT NULL CHECK (json_valid(images)),
        licence TEXT,
        viewer TEXT,
        body_from TEXT NOT NULL,
        content_digest TEXT NOT NULL,
        layout TEXT NOT NULL,
        extractor TEXT NOT NULL,
        capture INTEGER NOT NULL REFERENCES captures(id),
        UNIQUE (article, version)
    ) STRICT;
INSERT INTO "versions" VALUES(1,'148930267',1,'2026-09-15T09:00:00.000000+00:00','2026-09-16T09:00:00.000000+00:00','https://www.example.kr/news/policyNewsView.do?newsId=148930267','policy-news','마을 도서관 열두 곳이 새로 문을 연다','["올해 안에","읍면마다 하나씩"]','2026-09-15T18:00:00+09:00','문화체육관광부','A00012',NULL,'[{"kind":"paragraph","text":"예산은 3억 원이다."}]','[]','KOGL-1',NULL,'page','sha256:ceba0dd0a03b2f1c5986775b3f1e922b2379483e043aaaee9a2e9eade46e209f','MadeLayout','made:1',1);
INSERT INTO "versions" VALUES(2,'148930267',2,'2026-09-17T09:00:00.000000+00:00','2026-09-17T09:00:00.000000+00:00','https://www.example.kr/news/policyNewsView.do?newsId=148930267','policy-news','마을 도서관 열두 곳이 새로 문을 연다','["올해 안에","읍면마다 하나씩"]','2026-09-15T18:00:00+09:00','문화체육관광부','A00012',NULL,'[{"kind":"paragraph","text":"예산은 5억 원이다."}]','[]','KOGL-1',NULL,'page','sha256:a989790fbcc92f96d8978a9ca42dc2eed134051345837c84d2ed14fbd93358fd','MadeLayout','made:1',3);
INSERT INTO "versions" VALUES(3,'148930267',3,'2026-09-18T09:00:00.000000+00:00','2026-09-18T09:00:00.000000+00:00','https://www.example.kr/news/policyNewsView.do?newsId=148930267','policy-news','마을 도서관 열두 곳이 새로 문을 연다','["올해 안에","읍면마다 하나씩"]','2026-09-15T18:00:00+09:00','문화체육관광부','A00012',NULL,'[{"kind":"paragraph","text":"예산은 3억 원이다."}]','[]','KOGL-1',NULL,'page','sha256:ceba0dd0a03b2f1c5986775b3f1e922b2379483e043aaaee9a2e9eade46e209f','MadeLayout','made:1',4);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX captures_url ON captures (url, captured_at);
CREATE INDEX captures_warc ON captures (warc, offset);
CREATE INDEX captures_refers_to ON captures (refers_to) WHERE refers_to IS NOT NULL;
CREATE INDEX captures_run ON captures (run, url, captured_at);
CREATE INDEX captures_article ON captures (article, captured_at) WHERE role = 'article';
CREATE INDEX captures_payload ON captures (payload_sha256) WHERE kind = 'response';
CREATE INDEX captures_pending ON captures (article, captured_at) WHERE filed = 0 AND role = 'article';
CREATE INDEX articles_section ON articles (section, published);
CREATE INDEX articles_source ON articles (source, published);
CREATE INDEX versions_seen ON versions (article, first_seen);
CREATE INDEX attachments_sha256 ON attachments (sha256);
CREATE INDEX changes_seen ON changes (new_first_seen);
CREATE INDEX changes_article ON changes (article, new_first_seen);
CREATE INDEX change_labels_label ON change_labels (label, change);
CREATE VIEW version_detail AS
        SELECT v.article, v.version, v.first_seen, v.last_seen, v.url, v.section, v.title, v.subtitles, v.published,
               v.source, v.source_code, v.author, v.body, v.images, v.licence, v.viewer, v.body_from,
               v.content_digest, v.layout, v.extractor,
               (SELECT json_group_array(json_object('file_id', a.file_id, 'name', a.name, 'media_type', a.media_type,
                        'sha256', a.sha256, 'text_sha256', a.text_sha256))
                  FROM (SELECT * FROM attachments WHERE version_id = v.id ORDER BY position) a) AS attachments,
               c.warc, c.offset, c.length, c.record_id, c.payload_digest, c.captured_at
          FROM versions v JOIN captures c ON c.id = v.capture;
CREATE VIEW article_current AS
        SELECT a.state, a.last_checked, a.versions, d.*
          FROM articles a JOIN version_detail d ON d.article = a.article AND d.version = a.version;
CREATE VIEW change_detail AS
        SELECT h.id, h.article, h.url, h.section, h.title, h.source, h.kind, h.from_version, h.to_version,
               h.old_last_seen, h.new_first_seen, h.checks_between, h.weight,
               (SELECT json_group_array(label) FROM
                   (SELECT label FROM change_labels WHERE change = h.id ORDER BY position)) AS labels,
               h.disclosure, h.fields, h.facts,
               o.warc AS old_warc, o.offset AS old_offset, o.length AS old_length, o.record_id AS old_record_id,
               o.payload_digest AS old_payload_digest, o.captured_at AS old_captured_at,
               n.warc AS new_warc, n.offset AS new_offset, n.length AS new_length, n.record_id AS new_record_id,
               n.payload_digest AS new_payload_digest, n.captured_at AS new_captured_at
          FROM changes h JOIN captures o ON o.id = h.old_capture JOIN captures n ON n.id = h.new_capture;
CREATE VIEW article_timeline AS
        SELECT k.article, k.checked_at, k.outcome, k.version, c.status, c.failure, c.url, c.warc, c.offset
          FROM checks k JOIN captures c ON c.id = k.capture;
COMMIT;
