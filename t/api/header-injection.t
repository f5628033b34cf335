#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Nothing that a request says becomes a header of the answer, or an address
# that a browser is sent to.  There is one redirect, and it stays at home.

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
        server_name localhost;

        location /chat/ { chat; }
        location / { chat; }
    }
}
CONF

my $host = '127.0.0.1:' . $t->port;
my $visitor = $t->visitor;
my $admin = $t->admin;
my $cookies = join '; ', map { $_->name . '=' . $_->value }
              map { @{ $_->ua->cookie_jar->all } } $visitor, $admin;

$visitor->say('hello');

# where to: addresses as browsers read them, some as another site's

my @paths = (
    '/chat', '/chat/', '/chat/console', '/chat/console/', '/', '/console',
    map({ ("$_", "/chat/$_", "/chat/console$_", "/console$_") }
        '//evil.test', '//evil.test/console', '/\\evil.test', '/%5cevil.test',
        '/%2f%2fevil.test', '/https://evil.test', '/%2e%2e//evil.test',
        '/.//evil.test', '/@evil.test', '/?next=https://evil.test',
        '/;//evil.test', '/%09/evil.test', '/%0d%0aLocation:%20//evil.test'),
    'http://evil.test/chat/', 'http://evil.test/chat/console',
    'https://evil.test//chat', 'http://evil.test',
);

my @hosts = ($host, 'evil.test', 'evil.test:80', 'localhost',
             '127.0.0.1.evil.test', '[::1]', 'evil.test/x', 'a@evil.test');

my $sent = 0;

for my $path (@paths) {
    for my $name (@hosts) {
        my ($head) = answer("GET $path HTTP/1.1\r\nHost: $name\r\n"
                            . "X-Forwarded-Host: evil.test\r\n"
                            . "X-Forwarded-Proto: javascript\r\n"
                            . "Referer: https://evil.test/\r\n");
        my @to = $head =~ /^Location: ([^\r]*)/mg;

        next if !@to && $head !~ /^HTTP\S+ 30\d/;
        $sent++;

        ok(@to == 1 && $to[0] =~ m{^(?:/chat)?/console/$},
           "$path, $name: leads home") or diag($head);
    }
}

cmp_ok($sent, '>=', 4, 'the bare prefix redirects');

# no route of the API sends anybody anywhere

my @elsewhere = ('?next=//evil.test', '?url=https://evil.test/', '/..//evil.test',
                 '//evil.test', '/\\evil.test', '/%2f%2fevil.test');
my @led;

for my $route (Routes->all) {
    my $at = "/chat/api/v1/$route->{path}" =~ s/:id/1/r;

    for my $target (map({ "$at$_" } @elsewhere), "http://evil.test$at",
                    "//evil.test$at", $at)
    {
        my ($head) = answer("$route->{method} $target HTTP/1.1\r\n"
                            . "Host: evil.test\r\nOrigin: http://evil.test\r\n"
                            . "X-Forwarded-Host: evil.test\r\n"
                            . "Referer: http://evil.test/\r\n");

        push @led, "$route->{method} $target"
            if $head =~ /^(?:Location|Refresh|Link|Content-Location):/mi
               || $head =~ /^HTTP\S+ 3/;
    }
}

is_deeply(\@led, [], 'no route leads elsewhere');

# Line ends and NULs, as such and encoded, wherever something may be said.

my @ends = ("\r\n", "\n", "\r", "\0", '%0d%0a', '%0a', '%0d', '%00',
            '%E5%98%8A%E5%98%8D', "\xe5\x98\x8a\xe5\x98\x8d", '\r\n');
my $tried = 0;
my @injected;

for my $end (@ends) {
    my $more = $end . 'X-Injected: 1' . $end . 'Set-Cookie: injected=1'
               . $end . $end . '<b>injected';
    my $query = $more =~ s/ /+/gr =~ s/</%3c/gr;

    for my $route (Routes->all) {
        my $path = $route->{path} =~ s/:id/1/r;
        my $at = "/chat/api/v1/$path";

        quiet("$route->{method} $at$query HTTP/1.1\r\nHost: $host\r\n");
        quiet("$route->{method} $at?after=1$query&wait=0 HTTP/1.1\r\n"
              . "Host: $host\r\n");
        $tried++;
    }

    for my $at ('/chat/console', '/chat/loader.js', '/chat/w/a.js',
                '/chat/console/')
    {
        quiet("GET $at$query HTTP/1.1\r\nHost: $host\r\n");
        quiet("GET $at?$query HTTP/1.1\r\nHost: $host\r\n");
    }

    # headers that have an answer, and a body whose words come back

    my $encoded = $end =~ /[\r\n\0]/ ? $end =~ s/\r?\n|\r|\0/%0d%0a/gr : $end;
    my $value = $more =~ s/\Q$end\E/$encoded/gr;

    for my $header ("Origin: https://shop.example$value",
                    "Origin: http://$host$value",
                    "Access-Control-Request-Headers: $value",
                    "Access-Control-Request-Method: $value",
                    "If-None-Match: \"$value\"", "Range: bytes=0-$value",
                    "Accept-Encoding: gzip$value", "Accept-Language: $value",
                    "Last-Event-ID: 1$value", "Accept: $value",
                    "Cookie: chat_visitor=$value")
    {
        quiet("OPTIONS /chat/api/v1/visitor/session HTTP/1.1\r\n"
              . "Host: $host\r\n$header\r\n");
        quiet("GET /chat/api/v1/visitor/history HTTP/1.1\r\n"
              . "Host: $host\r\n$header\r\n");
        quiet("GET /chat/loader.js HTTP/1.1\r\nHost: $host\r\n$header\r\n");
    }

    for my $field (qw(client_id text locale page)) {
        my $json = Mojo::JSON::encode_json({
            client_id => "client-$tried", text => 'x', $field => $more,
        });

        quiet("POST /chat/api/v1/visitor/messages HTTP/1.1\r\nHost: $host\r\n"
              . "Cookie: $cookies\r\nOrigin: http://$host\r\n"
              . "Content-Type: application/json\r\nContent-Length: "
              . length($json) . "\r\n", $json);
    }
}

cmp_ok($tried, '>=', 27 * @ends, 'every route, every end');
is_deeply(\@injected, [], 'no header came of it');

# what is sent back is exactly what was allowed, never what was said

for my $origin ('https://SHOP.example', 'https://shop.example') {
    my ($head) = answer("POST /chat/api/v1/visitor/session HTTP/1.1\r\n"
                        . "Host: $host\r\nOrigin: $origin\r\n"
                        . "Content-Length: 0\r\n");

    is_deeply([$head =~ /^Access-Control-Allow-Origin: ([^\r]*)/mg], [$origin],
              'one allowed origin, and no other text');
}

$t->done;


sub answer ($head, $body = '') {
    my $bytes = $t->raw("${head}Connection: close\r\n\r\n$body");

    return split /\r\n\r\n/, $bytes, 2;
}


# No header of it came through.  Bare line ends may make the request another
# one, or two, which are refused: that is the parser's business.

sub quiet ($head, $body = '') {
    my ($got) = answer($head, $body);

    push @injected, $head =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ger
        if ($got // '') =~ /^(?:x-injected|set-cookie: injected)/mi;
}
