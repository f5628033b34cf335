#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# Administrators choose how the chat looks: sessions and pages show it.

use lib 't/lib';
use Chat;
use Mojo::JSON ();
use Mojo::Util ();

my $t = Chat->new->config(<<'CONF')->start;
%%GLOBALS%%

events { }

http {
    include /etc/nginx/mime.types;
    %%HTTP%%

    server {
        listen 127.0.0.1:%%PORT%%;

        location / { root %%STATIC%%/demo; chat_widget on; }
        location /chat/ { chat; }
    }
}
CONF

my $admin = $t->admin;
my $answer = $admin->get('admin/brand')->json;
my $default = $answer->{brand};

is($default->{colour}, '', 'nothing was chosen yet');
is($default->{side}, 'end', 'where the text ends');
is($default->{texts}{fr}{title}, '', 'no words of its own');

for my $locale (qw(en fr de)) {
    is_deeply($answer->{standard}{$locale},
              $t->visitor->open(locale => $locale)->session->{texts},
              "the standard words are what visitors read, $locale");
}

my %brand = (
    colour => '#ffd400', side => 'left', x => 8, y => 40, icon => 'help',
    avatar => "/art/l'ogo.svg?a&b",
    texts => { en => { title => 'Ask Ada', welcome => 'Hello & hi',
                       away => 'Back at nine' },
               de => { title => 'Frag Ada' } },
);

my $res = $admin->put('admin/brand', \%brand);

is($res->code, 200, 'chosen');
is($admin->get('admin/brand')->json->{brand}{texts}{en}{away}, 'Back at nine',
   'and kept');

my $en = $t->visitor->open(locale => 'en')->session;

is_deeply($en->{texts}, { title => 'Ask Ada', welcome => 'Hello & hi',
                          away => 'Back at nine' }, 'words for visitors');
is_deeply($en->{brand},
          { map { $_ => $brand{$_} } qw(colour side x y icon avatar) },
          'and looks');

# a page has it a few seconds later, and nothing breaks out of its attribute

my $page;

wait_for {
    $page = $t->browser->request(GET => '/index.html', unjudged => 1)->body;
    $page =~ /#ffd400/;
};

my ($state) = $page =~ /data-chat='([^']*)'/;

$state = Mojo::Util::html_unescape($state);
is_deeply(Mojo::JSON::decode_json($state)->{brand}, $en->{brand},
          'the page has the looks');

for my $bad ({ colour => 'red' }, { colour => '#ff00gg' },
             { side => 'top' }, { x => -1 }, { y => 201 }, { icon => 'x' },
             { avatar => 'javascript:alert(1)' }, { avatar => '//x.example/a' },
             { avatar => 'http://x.example/a' })
{
    my ($field, $value) = %$bad;
    my $refused = $admin->put('admin/brand', $bad);

    is($refused->code, 422, "$field: $value");
    is($refused->json->{field}, $field, 'named');
}

is($t->operator(role => 'supervisor')->put('admin/brand', {})->code, 403,
   'administrators only');
is($admin->get('admin/brand')->json->{brand}{colour}, '#ffd400', 'unharmed');

$t->stop;
$t->start;
is($t->visitor->session->{brand}{colour}, '#ffd400', 'stored');

is($admin->put('admin/brand', {})->json->{brand}{colour}, '',
   'the empty one is the default again');

$t->done;
