#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A program that is a new visitor with each page does not push the others off
# the list of who is on the site, whatever it calls itself; many people are
# many addresses.

use lib 't/lib';
use Chat;
use Chat::Visits;

my $t = Chat->new(workers => 2)->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_zone 1m;
    chat_track on;

    set_real_ip_from 127.0.0.1;
    real_ip_header X-Real-IP;

    server {
        listen 127.0.0.1:%%PORT%%;

        location / { default_type text/html; return 200 page; }
        location /chat/ { chat; }
    }
}
EOF

my $agent = $t->operator;

look("198.51.100.$_", 'Person') for 1 .. 6;
ok(wait_for(sub { people() == 6 }), 'six people');

my $n = 400;
my $program = $t->browser;

for my $k (1 .. $n) {
    $program->get("/$k", headers => {
        'User-Agent' => BROWSER . " Program $k", 'X-Real-IP' => '203.0.113.9',
    });
}

my $all = visits_live($agent);

cmp_ok($all, '<', $n, "the list has an end: $all");
cmp_ok($all, '>', 12, 'and has room');
is(people(), 6, 'the six are still there');

# an address of IPv6 is one of very many; who was idle for longest goes first

look("198.51.100.$_", 'Person') for 1 .. 6;
look(sprintf('2001:db8:1:2::%x', $_), "Program $_") for 1 .. 60;
is(people(), 6, 'nor one network of IPv6');

# others come as ever

look("192.0.2.$_", 'New') for 1 .. 3;
ok(wait_for(sub { 3 == grep { $_->{page} eq '/New' } visits_live($agent) }),
   'others come');

$t->done;


sub look ($from, $name) {
    $t->browser->get("/$name", headers => {
        'User-Agent' => BROWSER . " $name", 'X-Real-IP' => $from,
    });
}


sub people { scalar grep { $_->{page} eq '/Person' } visits_live($agent) }
