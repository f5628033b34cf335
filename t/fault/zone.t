#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The shared zone is as small as it may be, and a worker that stands still
# meanwhile is overtaken by more events than the ring holds: it sends its
# waiters to the database, and they hear everything, once and in order.

use lib 't/lib';
use Chat;

use Load;

use constant RING => 512 * 1024;        # of chat_zone 1m

my $t = Chat->new(workers => 2)->config(<<'EOT')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_zone 1m;

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
    }
}
EOT

# 12 KB each, as long as a message may be

my $load = Load->new($t, visitors => 10, more => ' ' . "\x{6f22}" x 3900)->start;

# a connection for each request: the next one is taken by whom it can be

$_->{agent}->ua->max_connections(0) for $load->talks;

ok($load->go_on(20), 'long messages');

for my $n (1 .. 4) {
    my $still = stop($n % 2);

    $load->fault;

    # those whose request it has wait for it, the others go on

    my $all = int(RING / 12000) + 20;

    ok($load->go_on($all, 30), "$n: more than the ring holds");
    kill 'CONT', $still;
    ok($load->go_on(20, 30), "$n: and on");
}

$load->finish;

unlike($t->log, qr/\[(?:crit|error|alert|emerg)\](?!.*one-time code)/,
       'the log has no trouble of it');
cmp_ok(scalar(grep { /\[warn\]/ && !/buffered to a/ } split /\n/, $t->log), '<', 10,
       'and is not flooded');

$t->done;


# A worker stands still that does not keep the others from writing.

sub stop ($n) {
    my $pid = ($t->workers)[$n];

    wait_for(sub {
        kill 'STOP', $pid;
        wait_for(sub { Chat::_state($pid) eq 'T' }, 5);
        return 1 if ($t->lock_holder // 0) != $pid;

        kill 'CONT', $pid;
        return;
    }, 10, 'a worker that has not the lock');

    return $pid;
}
