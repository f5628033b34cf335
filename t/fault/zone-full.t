#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Reloads while requests keep the workers before them: there are more processes
# at a time than a small zone has memory for trays of jobs.  Those without one
# work all the same, and each is counted in the metrics.

use lib 't/lib';
use Chat;

use constant { WORKERS => 4, RELOADS => 3 };

my $t = Chat->new(workers => WORKERS)->config(<<'EOT')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_zone 4m;

    server {
        listen 127.0.0.1:%%PORT%% reuseport;

        location /chat/ { chat; }
    }
}
EOT

my @held;

for (1 .. RELOADS) {
    for (1 .. 6 * WORKERS) {
        my $socket = $t->socket;

        $socket->syswrite("POST /chat/api/v1/visitor/session HTTP/1.1\r\n"
                          . "Host: localhost\r\nContent-Length: 60\r\n"
                          . "Content-Type: application/json\r\n\r\n{");
        push @held, $socket;
    }

    $t->reload(wait => 0);
    ok(wait_for(sub { $t->workers == WORKERS }, 10), 'reloaded');
}

my $processes = () = $t->_children($t->pid);

cmp_ok($processes, '>=', 3 * WORKERS, "$processes processes at a time");
is_deeply([ grep { /no memory|no room/ } split /^/, $t->log ], [],
          'the zone has memory for each');

my @visitors = map { $t->visitor } 1 .. 4 * WORKERS;
my @sent = $visitors[0]->all(map { $_->say_p('hello') } @visitors);

is(scalar(grep { $_->code == 201 } @sent), 4 * WORKERS,
   'all workers take messages');

close $_ for @held;

$t->done;
