#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A mixed day in minutes.  Its events come by chance, from a seed that is
# printed; when a process gets to them is the machine's business, so that a
# seed repeats what was done, and not each moment of it.
#
#   morning   all that may happen, new binaries and new workers included
#   midday    new workers only: the master lives, and must not grow
#   evening   no new processes: the workers live, and must not grow
#
# People come and go all day, and look at pages that have the chat's button,
# are followed and guarded, and change now and then.  Memory (what is private
# and dirty), descriptors and threads are those at the end against those in the
# midst of each part, each time with the same people there.

use v5.36;

use Getopt::Long qw(GetOptions);

my ($minutes, $seed) = (5, int rand 1_000_000);

BEGIN { $ENV{CHAT_TIMEOUT} //= 86400 }

use lib 't/lib';
use Chat;

use Chat::Operator ();
use Chat::Visits;
use DBI ();
use Disk;
use Errno qw(EIO ENOSPC EROFS);
use Fcntl qw(:flock);
use Load;
use Power;
use Time::HiRes qw(time);

use constant {
    STAY     => 24,         # visitors who are always there
    IDLE     => 40,         # polls and streams that wait for nothing
    GUESTS   => 12,         # visitors who come and go, at most
    CROWD    => 24,         # visitors who talk very fast, for a moment
    ROUNDS   => 8,          # such moments before workers are looked at
    PAGES    => 24,         # files of the site
    CHANGED  => 4,          # of them, before each rush
    GROWTH   => 1024,       # KiB that a process may have grown
};

GetOptions('seed=i' => \$seed) && @ARGV <= 1
    && ($ARGV[0] // 5) =~ /^\d+(?:\.\d+)?$/
    or die "usage: script/soak [minutes] [--seed n]\n";

$minutes = $ARGV[0] // 5;

diag("script/soak $minutes --seed $seed");

my $chance = Power::Disk::chance($seed);
my $began = time;
my ($rushed, $paged, $kept_out, %done, @guests, @idle, @crowd) = (0, 0, 0);

my $t = Chat->new(workers => 3);
my $disk = Disk->new($t);
my $power = Power->watch($t);

# a day that ends early tells why

$SIG{__DIE__} = sub { diag($t->_tail) if defined $^S && !$^S };

$t->allow(qr/\[alert\].* process \d+ exited on signal 9/);
mkdir $t->dir . '/site';
rewrite() for 1 .. PAGES / CHANGED;
$t->config(<<'EOT')->start;
%%GLOBALS%%

events { worker_connections 2048; }

http {
    %%HTTP%%
    access_log off;
    types { text/html html; }
    set_real_ip_from 127.0.0.1;
    real_ip_header X-Real-IP;

    server {
        listen 127.0.0.1:%%PORT%%;

        root %%DIR%%/site;
        chat_track on;
        chat_widget on;

        location /      { chat_guard on; }
        location /chat/ { chat; }
    }
}
EOT

my $load = Load->new($t, visitors => STAY, wait => 8, pause => 0.1)->start;

$load->enter($t->operator, "operator $_") for 2 .. 3;

my $listener = $t->visitor;

$listener->say('I only listen');

@crowd = map { $t->visitor } 1 .. CROWD;

# what may happen, and how often beside the others

my @peaceful = (
    [ 8, guest => sub { come() } ],
    [ 6, 'guest leaves' => sub { go() } ],
    [ 3, crowd => sub { come() for 1 .. 5 } ],
    [ 2, 'all guests leave' => sub { go() while @guests } ],
    [ 4, idlers => sub { idlers() } ],
    [ 4, passers => sub { passers() } ],
    [ 4, 'block and lift' => sub { kept_out() } ],
    [ 4, rush => sub { rush() } ],
    [ 4, 'closed conversation' => sub { end() } ],
    [ 3, 'read history' => sub { histories() } ],
    [ 3, 'slow reader' => sub { slow_reader() } ],
    [ 2, 'broken requests' => sub { broken() } ],
    [ 2, silence => sub { $load->for_seconds(1 + below(3)) } ],
);

my @disks = (
    [ 2, 'full disk' => sub { disk(write => ENOSPC) } ],
    [ 2, 'read-only disk' => sub { disk(write => EROFS) } ],
    [ 2, 'disk without syncs' => sub { disk(sync => EIO) } ],
    [ 3, 'slow disk' => sub { slow_disk() } ],
    [ 2, 'lock held' => sub { lock_held() } ],
    [ 1, 'database locked' => sub { database_locked() } ],
    [ 2, 'frozen worker' => sub { frozen() } ],
);

my @workers = (
    [ 4, reload => sub { $t->reload } ],
    [ 3, 'reloads in a row' => sub { reloads() } ],
    [ 4, 'killed worker' => sub { killed() } ],
);

my @binaries = (
    [ 3, upgrade => sub { $t->upgrade } ],
    [ 1, 'upgrade taken back' => sub { taken_back() } ],
    [ 1, stop => sub { $t->stop('QUIT')->start } ],
    [ 1, 'all killed' => sub { $power->cut; $t->start } ],
);

part('morning', 0.35, 0, @peaceful, @disks, @workers, @binaries);

my $kept = part('midday', 0.25, 0, @peaceful, @disks, @workers);

flat($kept, $t->pid);

$kept = part('evening', 0.4, ROUNDS, @peaceful, @disks);
flat($kept, $t->workers);

# everybody goes, and nothing is left behind

go() while @guests;
@idle = ();

$load->finish(60);

is(($t->rows('PRAGMA integrity_check'))[0]{integrity_check}, 'ok',
   'the database is whole');

Mojo::IOLoop->reset;
ok(wait_for(sub { gauge('waiters') == 0 && gauge('queue_jobs') == 0 }, 15),
   'nobody waits any more, and no job does')
    or diag($t->browser->get('/chat/metrics')->body);

my @trouble = grep { /\[(?:crit|error|warn)\]/ } split /\n/, $t->log;

cmp_ok($rushed, '>', 2 * ROUNDS * CROWD, "$rushed messages in a rush");
cmp_ok($paged, '>', 2 * ROUNDS * CROWD, "$paged pages with the chat");
cmp_ok($kept_out, '>', 0, "$kept_out pages kept from who was blocked");
cmp_ok(visits_count($t), '>', CROWD, visits_count($t) . ' views stored');
cmp_ok(scalar @trouble, '<', 30 + 6 * $load->{faults},
       @trouble . ' lines of trouble in the log');

diag(join ', ', map { "$_: $done{$_}" } sort keys %done);
diag(sprintf 'seed %d, %.0f s, %d events', $seed, time - $began,
     scalar map { (1) x $_ } values %done);

$t->done;


sub below ($n) { $chance->($n) }


# A part of the day; what its processes hold is looked at when a half of it is
# over and at its end, with the same people there.

sub part ($name, $share, $rounds, @events) {
    my @bag = map { ($_) x $_->[0] } @events;
    my $length = $share * $minutes * 60;
    my ($half, $end) = (time + $length / 2, time + $length);
    my $kept;

    diag("$name");

    while (time < $end) {
        my ($weight, $what, $do) = @{ $bag[ below(scalar @bag) ] };

        diag(sprintf '%5.0f s  %s', time - $began, $what) if $ENV{CHAT_TELL};
        $do->();
        $done{$what}++;
        $load->fault if grep { $_->[1] eq $what } @disks, @workers, @binaries;

        $load->for_seconds(below(8) / 10);
        $kept //= settle($rounds) if time > $half;
    }

    ok($load->go_on(40, 60), "$name: they talk");
    settle($rounds);

    return $kept;
}


# The same people as every time, and what is held then.

sub settle ($rounds) {
    $disk->slow(0)->fail($_ => 0) for qw(write sync);
    go() while @guests;
    @idle = ();
    idlers();

    # Some 9000 requests for each worker: a leak of 120 bytes is seen.  Caches
    # have been filled by those of the first time.

    for (1 .. $rounds) {
        rush();
        histories();
    }

    $load->go_on(60, 120);

    return { zone => gauge('zone_free_bytes'),
             map { $_ => held($_) } $t->pid, $t->workers };
}


sub held ($pid) {
    my %held;

    open my $fh, '<', "/proc/$pid/smaps_rollup" or return {};
    /^(Private_Dirty|Pss):\s+(\d+)/ and $held{$1} = $2 for <$fh>;

    $held{files} = () = glob "/proc/$pid/fd/*";
    $held{threads} = () = glob "/proc/$pid/task/*";

    # a connection of somebody is not the process's own

    $held{sockets} = grep { (readlink $_ // '') =~ /^socket:/ }
                     glob "/proc/$pid/fd/*";
    $held{own} = $held{files} - $held{sockets};

    return \%held;
}


sub flat ($before, @pids) {
    for my $pid (@pids) {
        my $was = $before->{$pid};
        my $is = held($pid);

        ok($was, "$pid has lived on") or next;

        my $grown = $is->{Private_Dirty} - $was->{Private_Dirty};
        my $who = $pid == $t->pid ? 'the master' : "worker $pid";

        cmp_ok($grown, '<=', GROWTH, "$who has grown by $grown KiB"
               . " from $was->{Private_Dirty}");
        cmp_ok($is->{own}, '<=', $was->{own} + 2,
               "$who has $is->{own} files open, $was->{own} before");
        cmp_ok($is->{sockets}, '<=', $was->{sockets} + 60,
               "$who has $is->{sockets} sockets, $was->{sockets} before");
        is($is->{threads}, $was->{threads}, "$who has as many threads");
    }

    my ($size, $free) = (gauge('zone_bytes'), gauge('zone_free_bytes'));

    # reloads in a row need more places for workers at once

    cmp_ok($free, '>=', $before->{zone} - 128 * 1024,
           sprintf 'the zone: %d of %d KiB are used', ($size - $free) / 1024,
           $size / 1024);
}


sub gauge ($name) {
    my $text = $t->browser->get('/chat/metrics', unjudged => 1)->body;
    my $sum = 0;

    $sum += $1 while $text =~ /^ngx_chat_$name(?:\{[^}]*\})? (\d+)/mg;

    return $sum;
}


# people

sub come {
    state $n = 0;

    return if @guests >= GUESTS;

    # while nothing can be written, nobody comes

    my $opened = Chat::Visitor->new(chat => $t)->open;

    return if ($opened->opened->code // 0) != 200;
    return if ($opened->say('guest ' . ++$n)->code // 0) != 201;

    push @guests, $load->enter($opened, "guest $n");
}


sub go {
    my $guest = splice @guests, below(scalar @guests || 1), 1 or return;

    $load->leave($guest);
}


sub end {
    my @talks = grep { $_->{conversation} } $load->talks;
    my $talk = $talks[ below(scalar @talks) ];

    $talk->{left} || $talk->{agent}->close;
}


sub idlers {
    my $cookie = cookies($listener);

    @idle = ();

    for my $n (1 .. IDLE) {
        my $socket = IO::Socket::INET->new(
            Proto => 'tcp', PeerAddr => '127.0.0.1', PeerPort => $t->port,
        ) or next;

        $socket->syswrite('GET /chat/api/v1/visitor/events?after='
            . ($listener->cursor) . "&wait=20 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            . "Cookie: $cookie\r\n"
            . ($n % 2 ? '' : "Accept: text/event-stream\r\n") . "\r\n");

        push @idle, $socket;
    }
}


# Reads everything from the beginning, a few bytes at a time, and hangs up.

sub slow_reader {
    my $cookie = cookies($t->admin);
    my $socket = $t->socket;

    $socket->sockopt(IO::Socket::SO_RCVBUF(), 4096);
    $socket->syswrite("GET /chat/api/v1/operator/events?after=0 HTTP/1.1\r\n"
        . "Host: 127.0.0.1\r\nCookie: $cookie\r\n"
        . "Accept: text/event-stream\r\n\r\n");

    for (1 .. 5) {
        $load->for_seconds(0.1);
        $socket->sysread(my $some, 512);
    }
}


# Some thousand requests as fast as they can be answered: messages, pages,
# polls, and what was said last.  Some pages have changed since the last time.

sub rush {
    state $n = 0;

    rewrite();

    my @sockets = map { [ IO::Socket::INET->new(
        Proto => 'tcp', PeerAddr => '127.0.0.1', PeerPort => $t->port,
        Timeout => 5,
    ) // return, $_ ] } @crowd;

    for (1 .. 12) {
        for (@sockets) {
            my ($socket, $visitor) = @$_;
            my $headers = 'Host: 127.0.0.1:' . $t->port
                          . "\r\nCookie: " . cookies($visitor);

            my $body = sprintf '{"client_id":"rush-%d-%d","text":"rush %d"}',
                               $seed, ++$n, $n;

            my $bytes = "POST /chat/api/v1/visitor/messages HTTP/1.1\r\n"
                . "$headers\r\nOrigin: " . $t->origin . "\r\n"
                . "Content-Type: application/json\r\nContent-Length: "
                . length($body) . "\r\n\r\n$body"
                . 'GET /' . $n % PAGES . ".html HTTP/1.1\r\n$headers\r\n"
                . 'User-Agent: ' . BROWSER . "\r\n\r\n";

            for (1 .. 6) {
                $bytes .= "GET /chat/api/v1/visitor/events?wait=0&after="
                    . $visitor->cursor . " HTTP/1.1\r\n$headers\r\n\r\n"
                    . "GET /chat/api/v1/visitor/history?limit=1"
                    . " HTTP/1.1\r\n$headers\r\n\r\n";
            }

            local $SIG{PIPE} = 'IGNORE';
            $socket->syswrite($bytes);
        }

        answered(@$_, 14) or return for @sockets;
        $load->for_seconds(0.01);
    }
}


# So many answers; the last cursor in them is the visitor's.

sub answered ($socket, $visitor, $wanted) {
    my ($bytes, $select) = ('', IO::Select->new($socket));

    while ($select->can_read(10)) {
        $socket->sysread($bytes, 65536, length $bytes) or return;

        my $n = () = $bytes =~ m{HTTP/1\.1 \d{3} }g;

        if ($n >= $wanted && $bytes =~ /\}\s*\z/) {
            $visitor->cursor($1) if $bytes =~ /.*"cursor":(\d+)/s;
            $rushed += () = $bytes =~ m{HTTP/1\.1 201 }g;
            $paged += () = $bytes =~ m{/loader\.js" async}g;
            return 1;
        }
    }

    return;
}


sub cookies ($agent) {
    return join '; ', map { $_->name . '=' . $_->value }
           @{ $agent->ua->cookie_jar->all };
}


sub histories {
    my @talks = grep { !$_->{left} && $_->{conversation} } $load->talks;

    $_->{agent}->get('visitor/history', unjudged => 1) for @talks;
    $t->admin->get('operator/conversations', unjudged => 1);
}


# The next files of the site, anew.

sub rewrite {
    state $n = 0;

    for (1 .. CHANGED) {
        $t->write('site/' . $n++ % PAGES . '.html', '<html><body>'
            . "<p>the site, $n</p>\n" x 1100 . '</body></html>');
    }
}


# People without a cookie, who look at some pages and are not seen again.

sub passers {
    for my $n (1 .. 20) {
        my $address = join '.', 203, 0, 113, below(256);

        look($address, $_ % PAGES) for $n, $n + 1;
    }
}


sub look ($address, $page) {
    return $t->browser->get("/$page.html", unjudged => 1, headers => {
        'X-Real-IP' => $address, 'User-Agent' => BROWSER,
    })->code // 0;
}


sub kept_out {
    for my $network (map { "198.51.$_.0/24" } 1 .. 5) {
        my $made = $t->admin->post('operator/blocks', {
            network => $network, mode => 'refuse' }, unjudged => 1);
        my $id = ($made->json // {})->{block}{id} // next;

        $kept_out++ if look($network =~ s/0\/24/9/r, 1) == 403;
        $t->admin->delete("operator/blocks/$id", unjudged => 1);
    }
}


# Half a request, no request, and one that nobody waits for.

sub broken {
    for my $bytes ("POST /chat/api/v1/visitor/messages HTTP/1.1\r\n"
                   . "Host: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{\"te",
                   "\x16\x03\x01nonsense\r\n\r\n",
                   "GET /chat/api/v1/visitor/history HTTP/1.1\r\nHost: a\r\n\r\n")
    {
        my $socket = $t->socket;

        $socket->syswrite($bytes);
        $load->for_seconds(0.05);
    }
}


# harm

sub disk ($what, $errno) {
    $disk->fail($what => $errno);
    $load->for_seconds(0.3 + below(10) / 10);
    $disk->fail($what => 0);
}


sub slow_disk {
    $disk->slow((5 + below(60)) / 1000);
    $load->for_seconds(1 + below(2));
    $disk->slow(0);
}


sub lock_held {
    open my $lock, '+<', $t->state_dir . '/chat.lock' or return;
    flock $lock, LOCK_EX;
    $load->for_seconds(0.2 + below(15) / 10);
}


sub database_locked {
    my $db = DBI->connect('dbi:SQLite:dbname=' . $t->state_dir . '/chat.db',
                          '', '', { RaiseError => 1, AutoCommit => 1 });

    $db->sqlite_busy_timeout(10000);
    $db->do('BEGIN EXCLUSIVE');
    $load->for_seconds(1 + below(25) / 10);
    $db->do('ROLLBACK');

    # the last connection to close would tidy up: it is none of its business

    $db->disconnect;
}


sub frozen {
    my @all = $t->workers;
    my $one = $all[ below(scalar @all) ];

    kill 'STOP', $one;
    $load->for_seconds(0.3 + below(10) / 10);
    kill 'CONT', $one;
}


sub killed {
    my @all = $t->workers;

    $t->kill_worker($all[ below(scalar @all) ]);
}


sub reloads {
    for (1 .. 3 + below(4)) {
        kill 'HUP', $t->pid;
        $load->for_seconds(0.2);
    }

    wait_for(sub { $t->_children($t->pid) == $t->{workers} }, 30, 'they leave');
}


# The new binary is no good: it is sent away, and the old one goes on.

sub taken_back {
    $t->upgrade(keep_old => 1);
    $load->for_seconds(1);

    my ($new, $old) = ($t->pid, delete $t->{old_pid});

    kill 'QUIT', $new;
    wait_for(sub { !-e "/proc/$new" }, 30, 'it leaves');
    $t->{pid} = $old;
    wait_for(sub { $t->_pid_file == $old }, 10, 'the old one is back');
}
