#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The address of somebody on the site is blocked in one step, whether there is
# a conversation or not: as much of it as chat_address keeps, which the answer
# names.  That takes a supervisor, and whoever is gone has no address any more.

use lib 't/lib';
use Chat;
use Chat::Visits;

use Clock;

my $t = Chat->new(workers => 2);
my $clock = Clock->new($t);

$t->config(<<'CONF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%
    chat_track on;

    set_real_ip_from 127.0.0.1;
    real_ip_header X-Real-IP;

    server {
        listen 127.0.0.1:%%PORT%%;

        location / { default_type text/html; return 200 page; }
        location /whole/ {
            chat_address full;
            default_type text/html;
            return 200 page;
        }
        location /guarded {
            chat_guard on;
            chat_track off;
            root %%DIR%%;
        }
        location /chat/ { chat; }
    }
}
CONF

$t->write('guarded', 'page');
$clock->start;

my $admin = $t->admin;
my $boss = $t->operator(role => 'supervisor');
my $agent = $t->operator;

my %cases = (
    '203.0.113.77' => {
        page => '/', network => '203.0.113.0/24',
        same => '203.0.113.1', other => '203.0.114.77',
    },
    '2001:db8:7:1::5' => {
        page => '/', network => '2001:db8:7::/48',
        same => '2001:db8:7:ffff::1', other => '2001:db8:8:1::5',
    },
    '198.51.100.9' => {
        page => '/whole/', network => '198.51.100.9',
        same => '198.51.100.9', other => '198.51.100.8',
    },
);

for my $address (sort keys %cases) {
    my $case = $cases{$address};

    see($case->{page}, $address);

    my $visit = visit($case->{network});

    pass("$address: is on the live list as $case->{network}");
    ok(!$visit->{conversation}, 'and talks to nobody');

    my $path = "operator/visits/$visit->{id}/block";

    is($agent->post($path, { mode => 'refuse' })->code, 403,
       'an agent may not');

    my $res = $boss->post($path, { mode => 'refuse', reason => 'a troll',
                                   expires_in => 3600 });

    is($res->code, 201, 'a supervisor may');

    my $block = $res->json->{block};

    is($block->{kind}, 'network', 'a network');
    is($block->{network}, $case->{network}, 'which one');
    is($block->{reason}, 'a troll', 'why');
    is($block->{expires_at} - $block->{created_at}, 3_600_000, 'how long');

    is(see('/guarded', $address), 403, 'it is kept out');
    is(see('/guarded', $case->{same}), 403, 'with all that are in there');
    is(see('/guarded', $case->{other}), 200, 'and nobody else');

    # the whole address is nowhere

    my $all = $boss->get('operator/visits')->body
              . $boss->get('operator/blocks?state=all')->body;

    unlike($all, qr/\Q$address\E/, 'its address is not shown')
        if $case->{network} =~ m{/};

    is($boss->delete("operator/blocks/$block->{id}")->code, 200, 'undone');
    is(see('/guarded', $address), 200, 'it is let in');
}

# what is wrong

my $visit = visit('203.0.113.0/24');
my $path = "operator/visits/$visit->{id}/block";

is($boss->post($path, {})->code, 422, 'a way is required');
is($boss->post($path, { mode => 'none' })->code, 422, 'one that there is');
is($boss->post('operator/visits/77/block', { mode => 'refuse' })->code, 404,
   'nobody is there');

$clock->pass(1900);
is($boss->post($path, { mode => 'refuse' })->code, 404,
   'who has gone has no address any more');

$t->done;


# a browser of its own each time

sub see ($page, $address) {
    return $t->browser->get($page, headers => {
        'X-Real-IP' => $address, Accept => 'text/html',
        'User-Agent' => 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0)'
                        . ' Gecko/20100101 Firefox/128.0',
    }, unjudged => 1)->code;
}


sub visit ($network) {
    return wait_for_visit($boss, sub { ($_->{network} // '') eq $network },
                          $network);
}
