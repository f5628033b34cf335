#!/usr/bin/perl

# Copyright (C) ngx_chat_module contributors

# The page on which a visitor begins to write is what operators see beside
# the conversation.

use lib 't/lib';
use Chat;

my $t = Chat->new->start;

my $admin = $t->admin;

my %page = (url => 'https://shop.example/tea?id=1#é', title => 'Tea – Schön');

my $visitor = $t->visitor;
$visitor->say('hello', page => \%page, locale => 'de');

my $seen = $admin->conversation($visitor->conversation)->json->{conversation};

is_deeply($seen->{page}, \%page, 'operators see the page');
is($seen->{locale}, 'de', 'and the language');
is($seen->{visitor}{name}, undef, 'and nobody\'s name');
is($seen->{last_message}{text}, 'hello', 'and the last message');

ok(!exists $visitor->open->session->{conversation}{page},
   'the visitor does not get it back');

$visitor->say('more', page => { url => 'https://shop.example/cups' });

is_deeply($admin->conversation($visitor->conversation)->json
                ->{conversation}{page},
          \%page, 'it is the page on which the conversation began');

# the next conversation began elsewhere

$visitor->close;
$visitor->say('again', page => { url => '/cups' });

is_deeply($admin->conversation($visitor->conversation)->json
                ->{conversation}{page},
          { url => '/cups' }, 'a page without a title');

my $nowhere = $t->visitor;
$nowhere->say('hello');

is($admin->conversation($nowhere->conversation)->json->{conversation}{page},
   undef, 'no page where none was said');

# a long last message is cut where a list shows it, between characters

$nowhere->say('é' x 300);

is($admin->conversation($nowhere->conversation)->json
         ->{conversation}{last_message}{text}, 'é' x 200, '200 characters');

# limits

my $fits = { url => 'u' x 2000, title => 't' x 300 };

is($t->visitor->say('hello', page => $fits)->code, 201, 'as long as may be');

for my $case (
    ['page.url' => { url => 'u' x 2001 }],
    ['page.url' => {}],
    ['page.url' => { title => 'no address' }],
    ['page.url' => { url => "a\nb" }],
    ['page.url' => { url => 1 }],
    ['page.url' => { url => undef }],
    ['page.title' => { url => '/', title => 't' x 301 }],
    ['page.title' => { url => '/', title => "a\tb" }],
    ['page.title' => { url => '/', title => ['a'] }],
    ['page' => 'https://shop.example/'],
    ['page' => []],
    ['page' => undef],
) {
    my ($field, $page) = @$case;
    my $res = $nowhere->say('hello', page => $page);

    is($res->code, 422, "refused: $field");
    is($res->json->{field}, $field, 'which is named');
}

$t->done;
