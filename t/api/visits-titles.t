#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The title of a page that "chat_widget" looks through anyway is in the live
# list and is kept, whatever the visitor's browser runs: of files, when they
# are known and when they have not changed; of what a backend sends in pieces.

use lib 't/lib';
use Chat;
use Chat::Visits;
use Pages qw(backend wait_for_taken);

my $t = Chat->new(workers => 1)->config(<<'EOF');
%%GLOBALS%%

events { }

http {
    %%HTTP%%

    chat_track on;
    chat_consent 1;
    types { text/html html; }

    server {
        listen 127.0.0.1:%%PORT%%;
        root %%DIR%%/site;
        chat_widget on;

        location / { }
        location /chat/ { chat; }
        location /bare/ { chat_widget off; alias %%DIR%%/site/; }
        location /untold/ { chat_track off; alias %%DIR%%/site/; }
        location /ssi/ { ssi on; alias %%DIR%%/site/; }
        location /error/ { error_page 404 /missing.html; }

        location /up/ {
            proxy_buffering off;
            proxy_http_version 1.1;
            proxy_pass http://127.0.0.1:%%PORT2%%;
        }
    }
}
EOF

my %site = (
    'boots.html'    => '<html><title>Boots &amp; more</title><body></body>',
    'missing.html'  => '<html><title>Missing</title></html>',
    'untitled.html' => '<html><body></body></html>',
    'hand.html'     => '<html><title>By hand</title><body>'
                       . '<script src="/chat/loader.js"></script></body>',
    'fragment.html' => '<title>A fragment</title><p>a',
    'ssi.html'      => '<html><title>Of <!--# echo var="uri" --></title>',
);

mkdir $t->dir . '/site';

for my $name (keys %site) {
    utime time - 3600, time - 3600, $t->write("site/$name", $site{$name});
}

my %pages = (
    pieces => [ '<html><tit', 'le>In pie', 'ces &', 'eacute', '; </ti',
                'tle><body></bo', 'dy>' ],
    long   => [ '<html><title>', ("\xe2\x82\xac") x 300, '</title></html>' ],
    latin  => [ "<html><title>Caf\xe9</title></html>" ],
    late   => [ '<html>', '<p>a</p>' x 2000, '<title>Late</title></html>' ],
);

my $backend = backend($t, 2, sub ($head, $socket) {
    my ($name) = $head =~ m{^\S+ /up/(\w+)};

    $socket->syswrite("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                      . "Connection: close\r\n\r\n");

    for my $piece (@{ $pages{$name} }) {
        $socket->syswrite($piece);
        wait_for_taken($socket) if $name eq 'pieces';
    }
});

$t->start;

my $agent = $t->operator;
my $shopper = $t->browser;
my $n = 0;

# a file: when it is read, when it is known, when the browser has it

my $since;

for my $turn ('read', 'known') {
    my $res = ask('/boots.html');

    $since = $res->headers->last_modified;
    is(title(), 'Boots & more', "a file that is $turn");
}

is(ask('/untitled.html')->code, 200, 'a page without');
is(title(), undef, 'has none, not that of the page before');

is(ask('/boots.html', 'If-Modified-Since' => $since)->code, 304,
   'the browser has it');
is(title(), 'Boots & more', 'and it is known all the same');

for my $turn ('read', 'known') {
    ask('/hand.html');
    is(title(), 'By hand', "a page with a loader of its own, $turn");
    ask('/fragment.html');
    is(title(), 'A fragment', "what is no whole document, $turn");
}

# an error page has its own

is(ask('/error/none')->code, 404, 'an error');
is(title(), 'Missing', 'with a title');

ask('/ssi/ssi.html');
is(title(), 'Of /ssi/ssi.html', 'of all its parts');

# a backend's

for my $case (
    [ pieces => "In pieces \x{e9}" ],
    [ long   => "\x{20ac}" x 39 ],
    [ latin  => undef ],
    [ late   => 'Late' ],
) {
    my ($name, $title) = @$case;

    ask("/up/$name");
    is(title(), $title, "a backend's page: $name");
}

# where the page is not looked through, or not followed

ask('/bare/boots.html');
is(title(), undef, 'without the widget: not known');
$shopper->get('/untold/boots.html', headers => { 'User-Agent' => BROWSER });

# and it is kept

my @views = wait_for_views($t, 3);

is($views[0]{title}, 'Boots & more', 'with its title');
is($views[2]{title}, '', 'or none');

$t->done;


sub ask ($path, %headers) {
    $n++;

    return $shopper->get($path, headers => {
        'User-Agent' => BROWSER, Accept => 'text/html', %headers,
    });
}


# that of the page that the visitor is on

sub title { wait_for_visit($agent, sub { $_->{views} >= $n })->{title} }
