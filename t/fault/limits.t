#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# There are no connections left (worker_connections), then no descriptors
# (worker_rlimit_nofile): somebody takes them all and says nothing.  A worker
# is killed meanwhile.  All are served again as soon as there is room, by all
# workers, and nothing that was acknowledged is lost.

use lib 't/lib';
use Chat;

use Load;

use constant {
    CONNECTIONS => 64,
    FILES       => 72,          # less than 2 times 64
    TAKEN       => 160,
};

my $t = Chat->new(workers => 2);

$t->allow(qr/\[alert\].* 64 worker_connections are not enough/);
$t->allow(qr{\[alert\].* accept4\(\) failed \(9: Bad file descriptor\)});

$t->config(conf(CONNECTIONS, 1024))->start;

my $load = Load->new($t, visitors => 6)->start;

ok($load->go_on(40), 'they talk');
exhausted('connections', qr/worker_connections are not enough/);

$t->config(conf(1024, FILES))->reload;
$load->fault;

# a limit is a process's own: the new ones have it

ok($load->go_on(40), 'they talk, with few descriptors');
exhausted('descriptors', qr/\(24: /);

$load->finish;

is(($t->rows('PRAGMA integrity_check'))[0]{integrity_check}, 'ok',
   'the database is whole');

my @lines = grep { /\[(?:crit|error)\]/ && /chat/ && !/one-time code/ }
            split /\n/, $t->log;

cmp_ok(scalar @lines, '<', 12, @lines . ' lines of the chat in the log')
    or diag(join "\n", @lines);

$t->done;


sub exhausted ($what, $pattern) {
    my $from = length $t->log;
    my @taken = map { take() } 1 .. TAKEN;

    $load->fault;

    ok(wait_for(sub { substr($t->log, $from) =~ $pattern }, 10),
       "there are no $what left");

    # the new one has to open its database beside them

    $load->for_seconds(0.5);
    $t->kill_worker;
    $load->fault;
    $load->for_seconds(0.5);

    undef @taken;

    ok($load->go_on(60), "$what: it goes on when there are some again");
    is(scalar($t->workers), 2, "$what: with all its workers");
}


sub take {
    return IO::Socket::INET->new(
        Proto => 'tcp', PeerAddr => '127.0.0.1', PeerPort => $t->port,
        Timeout => 1,
    ) // ();
}


sub conf ($connections, $files) {
    return <<"EOT";
%%GLOBALS%%

worker_rlimit_nofile $files;

events { worker_connections $connections; }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
    }
}
EOT
}
