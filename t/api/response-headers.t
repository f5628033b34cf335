#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Whatever the API answers, good or bad, says what browsers may do with it:
# keep nothing, take it for no page, show it in no frame and no other page.
# Every route, with every answer that is easily had.

use lib 't/lib';
use Chat;

use Routes ();

my $t = Chat->new->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    chat_origins https://shop.example;
    server_tokens off;

    server {
        listen 127.0.0.1:%%PORT%%;

        location /chat/ { chat; }
    }
}
CONF

my %fixed = (
    'Cache-Control' => 'no-store',
    'X-Content-Type-Options' => 'nosniff',
    'Content-Security-Policy' => "default-src 'none'; frame-ancestors 'none'",
    'Cross-Origin-Resource-Policy' => 'same-origin',
    'Referrer-Policy' => 'no-referrer',
);

# no other header leaves the API than these, and those that nginx adds itself

my %known = map { lc, 1 } keys %fixed, qw(
    Allow Retry-After Set-Cookie Vary X-Accel-Buffering
    Access-Control-Allow-Origin Access-Control-Allow-Methods
    Access-Control-Allow-Headers Access-Control-Max-Age
    Access-Control-Expose-Headers
    Server Date Connection Content-Type Content-Length Transfer-Encoding
);

my $admin = $t->admin;
my $agent = $t->operator;
my $visitor = $t->visitor;
my $browser = $t->browser;

$visitor->say('hello');

my %seen;

for my $route (Routes->all) {
    my $who = $route->{path} =~ /^visitor/ ? $visitor : $admin;
    my ($method, $path, @rest) = Routes->request($route);

    # logs the operator out, or does once and no more

    my $again = $route->{name} !~ m{^DELETE|admin/operators/:id};

    held("$route->{name}: good", $who->request($method, $path, @rest))
        if $again;

    held("$route->{name}: nobody", $browser->request($method, $path, @rest));
    held("$route->{name}: an agent", $agent->request($method, $path, @rest))
        if $route->{auth} eq 'ADMIN';
    held("$route->{name}: foreign", $who->request($method, $path, @rest,
        headers => { Origin => 'https://evil.test' }));
    held("$route->{name}: another method", $who->request(TRACK => $path));
    held("$route->{name}: leave", $browser->request(OPTIONS => $path,
        headers => { Origin => 'https://shop.example' }));
    held("$route->{name}: nowhere", $who->request($method, "$path/x", @rest));

    next if !$route->{body};

    held("$route->{name}: no JSON", $who->request($method, $path,
        body => '{', headers => { 'Content-Type' => 'application/json' }));
    held("$route->{name}: a form", $who->request($method, $path,
        body => 'a=b', headers => {
            'Content-Type' => 'application/x-www-form-urlencoded' }));
    held("$route->{name}: wrong fields", $who->request($method, $path,
        json => { map { $_ => [] } keys %{ $route->{example} } }));
    held("$route->{name}: too large", $who->request($method, $path,
        body => ' ' x 70_000, headers => {
            'Content-Type' => 'application/json' }));
}

for my $who ($visitor, $agent) {
    my $stream = $who->stream;

    held('a stream', $stream->{tx}->res);
    $stream->close;
}

held('a poll of none', $visitor->get('visitor/events'));
held('HEAD', $admin->request(HEAD => 'operator/conversations',
                             unjudged => 1));
held('metrics', $browser->get('/chat/metrics'));
held('no route', $browser->get('nothing'));
held('no version', $browser->get('/chat/api/v2/visitor/session'));
held('no API', $browser->get('/chat/api/'));

# the walk has been through all of that

for my $code (200, 201, 204, 400, 401, 403, 404, 405, 413, 415, 422) {
    cmp_ok($seen{$code} // 0, '>', 0, "among the answers: $code");
}

# a problem says nothing about the machine

my $text = join ' ', map { $browser->get($_)->body }
           'nothing', 'visitor/history', 'operator/conversations/1';

unlike($text, qr{/tmp|\.c\b|sqlite|nginx/\d}i, 'nor is the machine described');

$t->done;


sub held ($what, $res) {
    my $headers = $res->headers;
    my @wrong = grep { ($headers->header($_) // '-') ne $fixed{$_} }
                sort keys %fixed;
    my @strange = grep { !$known{+lc} } @{ $headers->names };

    $seen{ $res->code // 'none' }++;

    is("@wrong @strange", ' ', "$what: $res->{code}");

    is(scalar @{ $headers->every_header('Cache-Control') }, 1, 'said once');
}
