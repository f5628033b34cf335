#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# What a page of another site can make a browser send does nothing here:
# every route that writes, with every kind of request that needs no leave
# (forms, beacons, images), in the name of people who are logged in.

use lib 't/lib';
use Chat;

use Routes ();

my $t = Chat->new->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    chat_origins https://shop.example;

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
        location /tls/ { chat; chat_secure on; }
    }
}
CONF

my $admin = $t->admin;
my $visitor = $t->visitor;

$visitor->say('hello');

my @routes = Routes->all;
my @writes = grep { $_->{writes} } @routes;
my $own = $t->origin;
my $id = $visitor->conversation;
my $before = $t->contents;

cmp_ok(scalar @writes, '>=', 18, 'the routes that write');

# pages that are not ours, as browsers name them

my @foreign = (
    { Origin => 'https://evil.test' },
    { Origin => 'null' },
    { Origin => 'file://' },
    { Origin => "$own.evil.test" },
    { Origin => "https://evil.test/$own" },
    { Origin => 'https://evil.test', 'Sec-Fetch-Site' => 'same-origin' },
    { Origin => undef, 'Sec-Fetch-Site' => 'cross-site' },
    { Origin => undef, 'Sec-Fetch-Site' => 'same-site' },
    { Origin => undef, 'Sec-Fetch-Site' => 'cross-site', Referer => "$own/" },
);

# to operators' routes these are foreign, too

my @strange = (
    { Origin => undef },
    { Origin => undef, 'Sec-Fetch-Site' => 'none' },
    { Origin => undef, Referer => "$own/chat/console/" },
    { Origin => 'https://shop.example' },
);

for my $route (@writes) {
    for my $headers (@foreign,
                     $route->{path} =~ /^visitor/ ? () : @strange)
    {
        my $res = as($route, headers => $headers);

        is($res->code, 403, "$route->{name}: not from " . shown($headers));
        is($res->json->{type}, 'urn:ngx-chat:origin', 'and says why');
        is($res->headers->set_cookie, undef, 'no cookie');
    }
}

is($t->contents, $before, 'nothing has been written');

# where browsers come by TLS, a page of our own name that did not

for my $route (@writes) {
    my ($method, $path, @rest) = Routes->request($route, $id);

    for my $scheme (qw(http https)) {
        my $res = $t->browser->request($method, "/tls/api/v1/$path", @rest,
            headers => { Origin => $own =~ s/^http/$scheme/r });
        my $why = $res->code < 400 ? '' : $res->json->{type};

        is($why eq 'urn:ngx-chat:origin', $scheme eq 'http',
           "$route->{name}: by TLS, from a page by $scheme");
    }
}

# Bodies that need no leave, even if a browser took the page for ours.  What
# is in them would be good as JSON.

my @simple = (
    ['text/plain'], ['text/plain;charset=UTF-8'],
    ['application/x-www-form-urlencoded'],
    ['multipart/form-data; boundary=x'],
    ['text/plain; application/json'], ['application/x-json'],
    ['application/json-seq'], [undef],
);

for my $route (grep { $_->{body} } @writes) {
    for my $type (map { @$_ } @simple) {
        my ($method, $path) = Routes->request($route, $id);
        my $res = who($route)->request($method, $path,
            body => Mojo::JSON::encode_json($route->{example}),
            headers => { 'Content-Type' => $type },
        );

        is($res->code, 415, "$route->{name}: not as " . ($type // 'nothing'));
    }
}

is($t->contents, $before, 'nor by that');

# a form, whose one field makes JSON of its body

for my $route (grep { $_->{body} } @writes) {
    my ($method, $path) = Routes->request($route, $id);
    my $res = who($route)->request($method, $path,
        body => '{"text":"=","client_id":"from-a-form"}',
        headers => {
            Origin => 'null', 'Content-Type' => 'text/plain',
            'Sec-Fetch-Mode' => 'navigate', 'Sec-Fetch-Site' => 'cross-site',
        },
    );

    is($res->code, 403, "$route->{name}: no form");
}

# what looks and does not touch, must not; and no method poses as another

for my $route (@routes) {
    my (undef, $path) = Routes->request($route, $id);

    next if grep { $_->{path} eq $route->{path} && !$_->{writes} } @routes;

    for my $method (qw(GET HEAD)) {
        my $res = who($route)->request($method, $path, unjudged => 1,
                                       headers => {
            'X-HTTP-Method-Override' => $route->{method},
            'X-HTTP-Method' => $route->{method},
        }, query => { _method => $route->{method}, %{ $route->{example} // {} } });

        is($res->code, 405, "$method $path: is no $route->{method}");
    }
}

for my $route (grep { !$_->{writes} } @routes) {
    my ($method, $path, @query) = Routes->request($route, $id);

    # nobody is followed here

    my $code = $path =~ m{^operator/visits/} ? 404 : 200;

    is(as($route)->code, $code, "$route->{name}: works");
    is(who($route)->request(HEAD => $path, @query)->code, $code, 'as HEAD, too')
        if $path !~ /events$/;

    for my $headers (@foreign) {
        is(as($route, headers => $headers)->code, 403,
           'not for a page that is ' . shown($headers));
    }
}

is($t->contents, $before, 'looking has changed nothing');

# leave is asked for in vain

for my $route (@routes) {
    my (undef, $path) = Routes->request($route, $id);

    for my $origin ('https://evil.test', 'null',
                    $path =~ /^visitor/ ? () : 'https://shop.example')
    {
        my $res = $t->browser->request(OPTIONS => $path, headers => {
            Origin => $origin,
            'Access-Control-Request-Method' => $route->{method},
            'Access-Control-Request-Headers' => 'content-type',
        });

        ok($res->code >= 400
           && !grep { /^access-control-allow/i } @{ $res->headers->names },
           "$route->{name}: no leave for $origin");
    }
}

is($admin->who_am_i->code, 200, 'the operator is still logged in');
is($visitor->history->code, 200, 'and the visitor the same');

$t->done;


sub who ($route) { $route->{path} =~ /^visitor/ ? $visitor : $admin }


sub as ($route, %opt) {
    return who($route)->request(Routes->request($route, $id, %opt));
}


sub shown ($headers) {
    return join ', ', map { "$_: " . ($headers->{$_} // '-') }
                      sort keys %$headers;
}
