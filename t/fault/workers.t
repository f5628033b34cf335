#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The number of workers changes under load, from 1 to 16 and back: in each
# number everybody is served by any of them, one of them may be killed, and
# what is said through one is heard through all.

use lib 't/lib';
use Chat;

use Load;

my $t = Chat->new(workers => 1)->config(conf())->start;
my $load = Load->new($t, visitors => 16)->start;

ok($load->go_on(40), '1 worker');

for my $n (2, 4, 8, 16, 3, 1) {
    $t->{workers} = $n;
    $t->config(conf());
    $t->reload;
    $load->fault;

    ok(wait_for(sub { $t->workers == $n }, 10), "$n workers");
    ok($load->go_on(40), 'serve');

    my @workers = $t->workers;

    $t->kill_worker($workers[rand @workers]);
    $load->fault;

    ok($load->go_on(40), 'and go on when one is killed');
}

$load->finish;
$t->done;


sub conf {
    return <<'EOT';
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
    }
}
EOT
}
