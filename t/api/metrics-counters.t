#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Everything that is counted moves when its thing happens: of each row of the
# table in base/metrics.h, a scene below says so, or why there is none.

use lib 't/lib';
use Chat;

use DBI ();
use Errno qw(EROFS);
use Fcntl qw(LOCK_EX LOCK_UN O_RDWR);

use Disk;
use Metrics;

my %row = map { $_->{id} => $_ } Metrics->table;
my %shown;

# what cannot happen, takes more than a moment, or has its test elsewhere

my %never = (
    map({ ("BRAKED_$_" => 'that messages are braked is in t/api/brake.t') }
        qw(VISITOR ADDRESS REPEAT DELAY LINKS FORM WORDS)),
    map({ ("CLAIMS_$_" => 'that signatures are checked is in'
                           . ' t/api/identity.t') }
        qw(VERIFIED WRONG EXPIRED UNKNOWN)),
    VIEWS_STORED => 'that views are stored is in t/api/track.t',
);

my $t = Chat->new(workers => 1);
my $disk = Disk->new($t);

$t->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    chat_queue 16;
    chat_zone 1m;

    set_real_ip_from 127.0.0.1;
    real_ip_header X-Real-IP;

    server {
        listen 127.0.0.1:%%PORT%% sndbuf=16k;
        send_timeout 1s;

        location /chat/ {
            chat;
            chat_first_links 3;
        }

        location /page {
            chat_track on;
            default_type text/html;
            return 200 page;
        }

        location /agreed {
            chat_track on;
            chat_consent yes;
            default_type text/html;
            return 200 page;
        }
    }
}
EOF

my $admin = $t->admin;
my $visitor = $t->visitor;

constants();
messages();
views();
waiting();
refusals();
blocks();
queues();
log_of_the_database();
slow_reader();
more_views();
writes_fail();
reload();
reads_fail();
another_database();

is_deeply([ sort keys %row ], [ sort keys %shown, keys %never ],
          'each row of the table was seen to move');

$t->done;


sub page {
    my $text = $t->raw("GET /chat/metrics HTTP/1.0\r\n\r\n");

    return Metrics->parse($text =~ s/.*?\r\n\r\n//sr);
}


# The value of a row on a page, or undef.

sub of ($page, $id) {
    my ($name, $labels) = @{ $row{$id} // die "no row $id" }{qw(name labels)};

    $name .= '_count' if $row{$id}{type} eq 'histogram';

    my ($sample) = grep { /^\Q$name\E(?:\{\Q$labels\E[,}]|\{v|$)/ }
                   $page->samples;

    return defined $sample ? $page->value($sample) : undef;
}


# These rows grow while something is done.

sub grow ($what, $ids, $do) {
    my $before = page();
    my $after;

    $do->();

    for my $id (@$ids) {
        $shown{$id} = 1;
        ok(wait_for(sub {
            $after = page();
            (of($after, $id) // 0) > (of($before, $id) // 0);
        }, 12), "$what: $id")
            or diag("it was ", of($before, $id) // 'not there', ', is ',
                    of($after, $id) // 'not there');
    }

    is(join("\n", $after->errors), '', "$what: the page is well");

    return $after;
}


# These rows have a value, now or soon.

sub have ($what, %expected) {
    for my $id (sort keys %expected) {
        my $got;

        $shown{$id} = 1;
        ok(wait_for(sub {
            $got = of(page(), $id);
            defined $got && ($expected{$id} eq 'some' ? $got > 0
                                                      : $got == $expected{$id});
        }, 5), "$what: $id") or diag("it is ", $got // 'not there');
    }
}


sub constants {
    have('what nginx was told', QUEUE_LIMIT => 16, WORKERS => 1, BUILD => 1,
         RING_BYTES => 512 * 1024, ZONE_BYTES => 'some', ZONE_FREE => 'some',
         DATABASE_BYTES => 'some', LOADS => 1);

    my $page = page();

    cmp_ok(of($page, 'ZONE_BYTES'), '<', 1024 * 1024, 'a zone of 1m');
    cmp_ok(of($page, 'ZONE_FREE'), '<', 512 * 1024, 'of which the ring is');
}


sub messages {
    my $id = 'the-same-twice';
    my $body = { client_id => $id, text => 'hello' };

    grow('a visitor says something',
         [ qw(SENT_VISITOR_NEW RING_WRITTEN COMMIT BATCH DATABASE_WAL_BYTES
              CONVERSATIONS_WAITING) ],
         sub { $visitor->post('visitor/messages', $body) });
    grow('and once more', [ 'SENT_VISITOR_REPEATED' ],
         sub { $visitor->post('visitor/messages', $body) });
    have('pages are written', WAL_PAGES => 'some');

    my $session = $visitor->session;
    my ($conversation) = map { $_->{id} }
                         $t->rows('SELECT id FROM conversation');

    grow('it is taken', [ 'CONVERSATIONS_ACTIVE' ],
         sub { $admin->take($conversation) });
    grow('an operator answers', [ 'SENT_OPERATOR_NEW' ], sub {
        $admin->post("operator/conversations/$conversation/messages", $body);
    });
    grow('and repeats it', [ 'SENT_OPERATOR_REPEATED' ], sub {
        $admin->post("operator/conversations/$conversation/messages", $body);
    });
    grow('and says more when it is over', [ 'SENT_OPERATOR_REFUSED' ], sub {
        $visitor->close;
        $admin->say($conversation, 'too late');
    });
    have('nothing is open', CONVERSATIONS_ACTIVE => 0,
         CONVERSATIONS_WAITING => 0);
    grow('a stranger begins with an advertisement', [ 'SENT_VISITOR_REFUSED' ],
         sub { $t->visitor->say(join ' ', map "https://a$_.example", 1 .. 9) });
    grow('somebody logs in', [ 'SESSIONS' ], sub { $t->operator });
}


# Page views, as a browser's, a crawler's, and while the disk fails.

sub views {
    my %browser = ('User-Agent' => 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0)'
                   . ' Gecko/20100101 Firefox/128.0', Accept => 'text/html');
    my %crawler = (%browser, 'User-Agent' => 'Mozilla/5.0 (compatible;'
                   . ' Googlebot/2.1; +http://www.google.com/bot.html)');

    grow('somebody sees a page', [ 'VIEWS_TAKEN' ],
         sub { $t->browser->get('/page', headers => \%browser) });
    grow('a crawler does', [ 'VIEWS_CRAWLER' ],
         sub { $t->browser->get('/page', headers => \%crawler) });
    grow('and while the disk fails', [ 'VIEWS_FAILED' ], sub {
        $disk->fail(write => EROFS);
        $t->browser->get('/agreed', headers => \%browser);
    });

    $disk->fail(write => 0);
    ok(wait_for(sub { $visitor->say('it is well')->code == 201 }, 10),
       'the disk is well');
}


# Many of them come at once: late, as operators who wait hear of each.

sub more_views {
    my %browser = ('User-Agent' => 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0)'
                   . ' Gecko/20100101 Firefox/128.0', Accept => 'text/html');

    # somebody else has the file of views: the thread has taken up to 128, eight
    # times the queue's 16, and as many wait

    sysopen my $lock, $t->state_dir . '/visits.lock', O_RDWR or die "lock: $!";
    flock $lock, LOCK_EX or die "flock: $!";

    my $head = join '', map "$_: $browser{$_}\r\n", sort keys %browser;

    grow('more than the queue has room for', [ 'VIEWS_DROPPED' ], sub {
        # as many in one go as answers fit where nobody reads them yet

        for my $net (1 .. 20) {
            $t->raw(join('', map {
                "GET /agreed HTTP/1.1\r\nHost: a\r\n"
                . "X-Real-IP: 10.0.$net.$_\r\n$head\r\n" } 1 .. 25)
                . "GET /chat/api/v1/none HTTP/1.0\r\n\r\n");
        }
    });

    flock $lock, LOCK_UN or die "flock: $!";
}


sub waiting {
    grow('a poll from the beginning', [ qw(CATCH_UPS DELIVERED_POLL) ],
         sub { $visitor->get('visitor/events', query => { after => 0 }) });

    $_->poll(wait => 0) for $visitor, $admin;
    $admin->presence('offline');
    have('nobody is there', OPERATORS_PRESENT => 0);
    grow('an operator comes', [ 'OPERATORS_PRESENT' ],
         sub { $admin->presence('online') });

    my ($stream, $inbox, $over);

    # operators hear of visits: a poll that was answered comes again

    my $wait = sub ($wait, $agent) {
        $agent->poll_p(wait => 20)->then(sub { $wait->($wait, $agent) })
            if !$over;
    };

    grow('all kinds of waiters',
         [ qw(WAITERS_VISITOR_POLL WAITERS_VISITOR_STREAM TOPICS
              WAITERS_OPERATOR_POLL WAITERS_OPERATOR_STREAM) ], sub {
        $wait->($wait, $_) for $t->visitor, $admin;

        $stream = $visitor->stream;
        $inbox = $admin->stream;
    });
    grow('something for them', [ qw(DELIVERED_STREAM WINDOW_BYTES) ],
         sub { $visitor->say('hello again') });

    $over = 1;
    $_->close for $stream, $inbox;
    have('they leave', WAITERS_VISITOR_STREAM => 0,
         WAITERS_OPERATOR_STREAM => 0);
}


sub refusals {
    my $n = 0;

    my $log_in = sub (%more) {
        $t->browser->post('operator/session',
                          { login => 'nobody', password => 'guessed it' },
                          headers => { 'X-Real-IP' => '192.0.2.1' }, %more);
    };

    grow('a wrong password', [ 'REFUSED_CREDENTIALS' ], $log_in);
    grow('and many more', [ 'REFUSED_LOGIN' ],
         sub { $log_in->() for 1 .. 6 });
    grow('nobody', [ 'REFUSED_IDENTITY' ],
         sub { $t->browser->get('visitor/history') });
    grow('from elsewhere', [ 'REFUSED_ORIGIN' ], sub {
        $t->browser->post('visitor/session', {},
                          headers => { Origin => 'http://elsewhere.example' });
    });
    grow('nonsense', [ 'REFUSED_OTHER' ],
         sub { $t->browser->request(POST => 'visitor/session', body => '{',
                          headers => { 'Content-Type' => 'application/json' })
         });
}


sub blocks {
    have('nobody is blocked', BLOCKS => 0, BLOCKS_ROOM => 'some');

    my $address = '192.0.2.77';
    my %mode = (GHOST => 'ghost', REFUSE => 'refuse', CLOSE => 'close');

    for my $id (sort keys %mode) {
        is($admin->post('operator/blocks',
                        { network => $address, mode => $mode{$id} })->code,
           201, "a $mode{$id}");

        grow("a $mode{$id} asks", [ "BLOCKED_$id" ], sub {
            $t->browser->post('visitor/session', {}, unjudged => 1,
                              headers => { 'X-Real-IP' => $address });
        });
    }

    have('one is blocked', BLOCKS => 1);
}


# Nothing is written while the test has the lock; nothing is hashed faster
# than one password after the other.

sub queues {
    my @visitors = map { $t->visitor } 1 .. 40;
    my $over = 0;

    sysopen my $lock, $t->state_dir . '/chat.lock', O_RDWR or die "lock: $!";
    flock $lock, LOCK_EX or die "flock: $!";

    my @promises;

    grow('more to write than there is room',
         [ qw(QUEUE_WRITES QUEUE_FULL_WRITES REFUSED_BUSY) ], sub {
        @promises = map { $_->say_p('hello') } @visitors;
        $visitors[0]->all($t->visitor->get_p('visitor/history'));
    });

    flock $lock, LOCK_UN or die "flock: $!";
    $visitors[0]->all(@promises);
    have('then it is empty', QUEUE_WRITES => 0);

    # the page asks in the middle of it

    my @guests = map { $t->socket($t->port) } 1 .. 60;
    my ($n, $most) = (0, 0);

    grow('more to read than there is room', [ 'QUEUE_FULL_READS' ], sub {
        $_->syswrite(guess(++$n)) for @guests;
        wait_for(sub { $most = of(page(), 'QUEUE_READS') }, 10, 'a queue');
    });

    $shown{QUEUE_READS} = 1;
    cmp_ok($most, '>', 0, 'what waits is counted: QUEUE_READS');
    local $/;
    readline $_ for @guests;
    have('then it is empty, too', QUEUE_READS => 0);
}


sub guess ($n) {
    my $body = qq({"login":"guess$n","password":"guessed it"});

    return "POST /chat/api/v1/operator/session HTTP/1.0\r\nHost: a\r\n"
           . "X-Real-IP: 198.51.100.$n\r\nSec-Fetch-Site: same-origin\r\n"
           . "Content-Type: application/json\r\n"
           . 'Content-Length: ' . length($body) . "\r\n\r\n$body";
}


# Somebody reads for long, so that the log can't be begun anew, and somebody
# else fills it.

sub log_of_the_database {
    my ($reads, $writes) = map {
        DBI->connect('dbi:SQLite:dbname=' . $t->state_dir . '/chat.db',
                     '', '', { RaiseError => 1,
                               sqlite_use_immediate_transaction => 0 });
    } 1 .. 2;

    $reads->begin_work;
    $reads->selectall_arrayref('SELECT count(*) FROM event');
    $writes->do('CREATE TABLE filling (bytes BLOB)');

    my $visitor = $t->visitor;

    grow('a long log',
         [ qw(CHECKPOINTS_READER CHECKPOINT_TIME_READER CHECKPOINTS_WRITER
              CHECKPOINT_TIME_WRITER) ], sub {
        for (1 .. 40) {
            $writes->do('INSERT INTO filling VALUES (zeroblob(4 << 20))');
            $visitor->say("after $_");
            last if of(page(), 'CHECKPOINTS_WRITER');
        }
    });

    $reads->rollback;
    $writes->do('DROP TABLE filling');
    $_->disconnect for $reads, $writes;
}


# Who asks for all that was said, and takes none of it.

sub slow_reader {
    my $cookie = join '; ', map { $_->name . '=' . $_->value }
                 @{ $admin->ua->cookie_jar->all };
    my $visitor = $t->visitor;
    my $socket;

    $visitor->say("\x{1f600}" x 4000) for 1 .. 100;

    grow('a stream that nobody reads', [ 'SLOW_READERS' ], sub {
        $socket = $t->socket;
        $socket->syswrite("GET /chat/api/v1/operator/events?after=0 HTTP/1.1"
            . "\r\nHost: 127.0.0.1\r\nCookie: $cookie\r\n"
            . "Accept: text/event-stream\r\n\r\n");
    });
}


sub writes_fail {
    my ($conversation) = map { $_->{id} }
        $t->rows('SELECT max(id) AS id FROM conversation');

    grow('nothing can be written',
         [ qw(SENT_VISITOR_FAILED SENT_OPERATOR_FAILED OUTAGES_WRITES
              DOWN_WRITES COMMIT_FAILURES REFUSED_UNAVAILABLE) ], sub {
        $disk->fail(write => EROFS);
        is($visitor->say('lost')->code, 503, 'the disk fails');
        is($admin->say($conversation, 'lost')->code, 503, 'for all');
    });

    $disk->fail(write => 0);

    ok(wait_for(sub {
        $visitor->say('once more')->code == 201
            && of(page(), 'DOWN_WRITES') == 0;
    }, 10), 'and when it is well again, the page says so');
}


sub reload {
    my $before = page();

    grow('a reload', [ qw(LOADS WORKER_STARTS) ], sub { $t->reload });

    is(join("\n", page()->behind($before)), '', 'no counter went back');
}


# The database is away before the new worker has read of it.

sub reads_fail {
    my $file = $t->state_dir . '/chat.db';
    my $outages = of(page(), 'OUTAGES_READS') // 0;

    $t->reload;

    sysopen my $lock, $t->state_dir . '/chat.lock', O_RDWR or die "lock: $!";
    flock $lock, LOCK_EX or die "flock: $!";
    rename $file, "$file.away" or die "$file: $!";

    is($visitor->history->code, 503, 'nothing can be read');

    my $page = page();

    my %said = (OUTAGES_READS => $outages + 1, DOWN_READS => 1);

    for my $id (sort keys %said) {
        $shown{$id} = 1;
        is(of($page, $id), $said{$id}, "and the page says so: $id");
    }

    is(of($page, 'SESSIONS'), undef, 'and nothing of what it does not know');
    is(join("\n", $page->errors), '', 'and is well');

    rename "$file.away", $file or die "$file: $!";
    flock $lock, LOCK_UN or die "flock: $!";

    ok(wait_for(sub {
        $visitor->history->code == 200 && of(page(), 'DOWN_READS') == 0;
    }, 10), 'and when it is back, too');
}


# An older one: who waits must begin anew.

sub another_database {
    my $file = $t->state_dir . '/chat.db';

    system('sqlite3', $file, ".backup '$file.old'") == 0 or die 'sqlite3';
    chown((stat $file)[4, 5], "$file.old");

    my $stream = $visitor->stream;

    grow('an older database is put back', [ 'RESYNCS' ], sub {
        $visitor->say('this will be forgotten');
        rename "$file.old", $file or die "$file: $!";
    });

    $stream->close;
}
