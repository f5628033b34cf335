#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# A session ends at its time, in every worker, also for one who waits.

use lib 't/lib';
use Chat;

my $t = Chat->new->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    chat_session_timeout 2s;

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
    }
}
CONF

my $admin = $t->admin;
my $in = $admin->post('operator/session',
    { login => $admin->login, password => $admin->password });

like($in->headers->set_cookie, qr/; Max-Age=2;/, 'a session of two seconds');

my ($cookie) = $in->headers->set_cookie =~ /^([^;]+)/;
my $expires = $in->json->{expires_at};

# it is good until then: what was answered later may be either

my @early = grep { $_->[1] < $expires } map { [who()->code, now()] } 1 .. 20;

is_deeply([grep { $_->[0] != 200 } @early], [], 'who asks before is known');

ok(wait_for(sub { who()->code == 401 }, 10, 'the end'), 'then it is over');

cmp_ok(now(), '>=', $expires, 'but not before its time');

is($t->browser->put('operator/presence', { status => 'online' },
                    headers => { Cookie => $cookie })->code, 401,
   'for everything');

$t->done;


sub now { Time::HiRes::time() * 1000 }


sub who {
    return $t->browser->get('operator/session',
                            headers => { Cookie => $cookie });
}
