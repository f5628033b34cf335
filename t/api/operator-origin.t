#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Whatever changes something with an operator's cookie must come from a page of
# our own.  Every writing route of docs/api.yaml is tried.

use lib 't/lib';
use Chat;

use OpenAPI ();

my $t = Chat->new->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    # good for visitors, and not for operators

    chat_origins https://shop.example;

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
    }
}
CONF

my $admin = $t->admin;
my $visitor = $t->visitor;

$visitor->say('hello');

my $own = $t->origin;
my $host = $own =~ s{^http://}{}r;
my $contract = OpenAPI->contract;
my $id = $visitor->conversation;

my @foreign = (
    { Origin => undef },
    { Origin => 'null' },
    { Origin => '' },
    { Origin => 'https://evil.test' },
    { Origin => 'https://shop.example' },
    { Origin => "$own.evil.test" },
    { Origin => "http://evil.test/?://$host" },
    { Origin => "http://x$host" },
    { Origin => $own =~ s/:\d+$//r },
    { Origin => "$own/" },
    { Origin => $host },
    { Origin => undef, 'Sec-Fetch-Site' => 'cross-site' },
    { Origin => undef, 'Sec-Fetch-Site' => 'same-site' },
    { Origin => undef, 'Sec-Fetch-Site' => 'none' },
    { Origin => undef, Referer => "$own/chat/console/" },
    { Origin => 'https://evil.test', 'Sec-Fetch-Site' => 'same-origin' },
);

my $routes = 0;

for my $path (grep { !m{^/visitor/} } $contract->paths) {
    for my $method (grep { $_ ne 'get' }
                    sort keys %{ $contract->{doc}{paths}{$path} })
    {
        my $concrete = $path =~ s/\{id\}/$id/r =~ s{^/}{}r;

        my @passed = grep {
            my $res = $admin->request(uc $method, $concrete, headers => $_,
                                      json => {});
            $res->code != 403 || $res->json->{type} ne 'urn:ngx-chat:origin'
                || defined $res->headers->access_control_allow_origin;
        } @foreign;

        is_deeply(\@passed, [], "$method $path: from our own pages only");
        $routes++;
    }
}

cmp_ok($routes, '>=', 13, 'all routes were tried');

is($admin->who_am_i->code, 200, 'nothing of it was done: still logged in');
is($admin->conversation($id)->json->{conversation}{state}, 'waiting',
   'nothing was closed');

# a foreign page does not read, either

for my $path (qw(operator/session operator/conversations admin/operators
                 operator/events?after=0&wait=0))
{
    is($admin->get($path, headers => { Origin => 'https://evil.test' })->code,
       403, "$path: not for a foreign page");
    is($admin->get($path)->code, 200, "$path: without Origin, as a GET is");
}

# what is our own

for my $headers (
    { Origin => $own },
    { Origin => uc $own },
    { Origin => undef, 'Sec-Fetch-Site' => 'same-origin' },

    # a proxy before us ends TLS

    { Origin => $own =~ s/^http/https/r },
    { Origin => 'https://chat.example', Host => 'chat.example' },
) {
    is($admin->put('operator/presence', { status => 'away' },
                   headers => $headers)->code, 200,
       join ' ', 'our own:', map { "$_=" . ($headers->{$_} // '-') }
           sort keys %$headers);
}

$t->done;
