#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Behind another nginx, which buffers or does not, speaks HTTP/1.0 or 1.1, and
# compresses: polls and streams come through at once and whole.

use lib 't/lib';
use Chat;

my $t = Chat->new->config(<<'EOF')->start;
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    gzip on;
    gzip_types *;
    gzip_proxied any;
    gzip_min_length 1;

    server {
        listen 127.0.0.1:%%PORT%%;
        location /chat/ { chat; }
    }

    proxy_set_header Host 127.0.0.1:%%PORT%%;

    server {
        listen 127.0.0.1:%%PORT2%%;
        location / { proxy_pass http://127.0.0.1:%%PORT%%; }
    }

    server {
        listen 127.0.0.1:%%PORT3%%;

        location / {
            proxy_pass http://127.0.0.1:%%PORT%%;
            proxy_buffering off;
            proxy_http_version 1.1;
            proxy_set_header Host 127.0.0.1:%%PORT%%;
            proxy_set_header Connection "";
        }
    }

    upstream kept {
        server 127.0.0.1:%%PORT%%;
        keepalive 4;
    }

    server {
        listen 127.0.0.1:%%PORT4%%;

        location / {
            proxy_pass http://kept;
            proxy_http_version 1.1;
            proxy_set_header Host 127.0.0.1:%%PORT%%;
            proxy_set_header Connection "";
        }
    }
}
EOF

my $admin = $t->admin;

my %way = (1 => 'compressed', 2 => 'a proxy that buffers',
           3 => 'a proxy that does not', 4 => 'a proxy that keeps alive');

for my $which (sort keys %way) {
    for my $coding ('identity', 'gzip') {
        through($which, $coding, "$way{$which}, $coding");
    }
}

$t->done;


sub through ($which, $coding, $what) {
    my $visitor = $t->visitor;
    my @port = (port => $t->port($which));
    my %headers = ('Accept-Encoding' => $coding);

    is($visitor->post('visitor/messages',
        { client_id => $visitor->client_id, text => 'hello' }, @port)->code,
       201, "$what: a message");

    my ($row) = $t->rows('SELECT max(id) AS id, max(conversation) AS c'
                         . ' FROM event');

    # a poll

    my $res = $visitor->get('visitor/events', @port, headers => \%headers,
                            query => { after => 0, wait => 5 });

    is($res->json && $res->json->{cursor}, $row->{id}, "$what: a poll");

    my $answer;
    $visitor->get_p('visitor/events', @port, headers => \%headers,
                    query => { after => $row->{id}, wait => 25 })
        ->then(sub ($got) { $answer = $got });

    $res = $visitor->get('visitor/events', @port, headers => \%headers,
                         query => { after => $row->{id}, wait => 0 });

    is_deeply($res->json && $res->json->{events}, [], "$what: an empty poll");

    $admin->say($row->{c}, 'to a poll');
    ok(wait_for(sub { $answer }, 5), "$what: a poll that waited");
    is($answer && $answer->json->{events}[-1]{data}{text}, 'to a poll',
       "$what: is whole");

    # a stream

    my $bytes = '';
    my $tx = $visitor->transaction(GET => 'visitor/events', @port,
        query => { after => 0 },
        headers => { %headers, Accept => 'text/event-stream' });

    $tx->res->content->unsubscribe('read')->on(read => sub ($, $more) {
        $bytes .= $more;
    });

    my $ua = Mojo::UserAgent->new(inactivity_timeout => 0,
                                  cookie_jar => $visitor->ua->cookie_jar);
    $ua->start($tx, sub { });

    ok(wait_for(sub { $bytes =~ /^data: .*"hello"/m }, 5),
       "$what: a stream begins at once");

    for my $text ('one', 'two') {
        $admin->say($row->{c}, $text);
        ok(wait_for(sub { $bytes =~ /^data: .*"$text"/m }, 5),
           "$what: and goes on at once");
    }
}
